import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { readExport } from '../../reports/audit/read-export.ts';
import { shownCards } from '../../reports/audit/shown-cards.ts';
import { startTraffic, type Traffic } from '../../sandbox/traffic/traffic.ts';
import { type Dashboard, type Visit, visitsOf } from '../../sandbox/traffic/visits.ts';
import { GIB, MIB } from '../../vocabulary/bytes.ts';
import { exportFilesAt } from '../audit/files.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples/metabase/api', import.meta.url));

/**
 * Ten lively minutes, then a visit now and then: in total about two thirds of the smallest daily budget in the example
 * policies.
 */
const ALLOWANCE = { firstBytes: 2n * GIB, bytesPerHour: 200n * MIB };

/**
 * The queries of the made-up people.
 * @param seed decides who asks what, and when
 * @throws ExportRejected, or Error if the example dashboards cannot be read
 */
export async function demoVisits(seed: number, nowMs: number): Promise<Iterable<Visit>> {
  return visitsOf(seed, await exampleDashboards(nowMs));
}

/** Starts the people, who ask through a proxy. */
export function startDemoTraffic(visits: Iterable<Visit>, proxyUrl: string, log: Logger): Traffic {
  return startTraffic({
    proxyUrl,
    visits,
    allowance: ALLOWANCE,
    onError: (error) => log.warn({ err: error }, 'a question of the demo traffic got no answer'),
  });
}

/**
 * The example dashboards, with each card's SQL as it runs when the dashboard is opened; cards without SQL are left out.
 */
async function exampleDashboards(nowMs: number): Promise<readonly Dashboard[]> {
  const files = await exportFilesAt(EXAMPLES).catch((cause: unknown) => {
    throw new Error(`The dashboards for made-up people are not at ${EXAMPLES}. Start with --no-traffic.`, {
      cause,
    });
  });
  const contents = readExport(files, nowMs);
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const shown = shownCards(contents, today);
  return contents.dashboards.map(({ id, collection }) => ({
    id,
    vertical: collection === 'FinOps' ? 'FinOps' : 'Atendimento',
    cards: shown.flatMap(({ card, dashboard, bySetting }) => {
      const opened = bySetting.get('opened');
      return dashboard?.id === id && opened?.ok ? [{ id: card.id, sql: opened.sql }] : [];
    }),
  }));
}
