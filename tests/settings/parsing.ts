import { parseSettings } from '../../src/settings/settings.ts';

/** What is wrong with settings; empty where they are taken. */
export function problems(values: Readonly<Record<string, unknown>>): readonly string[] {
  const outcome = parseSettings(values);
  return outcome.ok ? [] : outcome.problems;
}

/** Settings that are taken. */
export function settings(values: Readonly<Record<string, unknown>>) {
  const outcome = parseSettings(values);
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  return outcome.settings;
}
