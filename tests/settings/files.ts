import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SettingsError } from '../../src/settings/load.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export async function fileWith(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'guardrail.yaml');
  await writeFile(path, text);
  return path;
}

/** The message with which settings are refused. */
export async function refusal(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SettingsError)) throw new Error('the settings were accepted', { cause: error });
  return error.message;
}
