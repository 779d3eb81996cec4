import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { type Access, createAccess } from '../../../src/ops/access/access.ts';
import { identifyVisitor } from '../../../src/ops/access/identify.ts';
import type { AccessSettings } from '../../../src/settings/access.ts';
import { parseSettings } from '../../../src/settings/settings.ts';

export const ANA = 'token-of-ana-0123456789';
export const RUI = 'token-of-rui-0123456789';
export const BIA = 'token-of-bia-0123456789';

/** An operator, an analyst and a viewer, as in the settings. */
const HOLDERS = {
  operator_tokens: { ana: ANA },
  analyst_tokens: { rui: RUI },
  viewer_tokens: { bia: BIA },
};

export function accessSettings(values: Readonly<Record<string, unknown>> = {}): AccessSettings {
  const outcome = parseSettings({ ...HOLDERS, ...values });
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  return outcome.settings.access;
}

export function accessWith(values: Readonly<Record<string, unknown>> = {}): Access {
  return createAccess(accessSettings(values), pino({ level: 'silent' }));
}

/** A server whose visitors are identified; closed after the test. */
export async function serve(access: Access, routes: (app: Express) => void): Promise<string> {
  const app = express();
  app.use(identifyVisitor(access));
  routes(app);
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
