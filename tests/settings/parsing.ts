import { parseSettings } from '../../src/settings/settings.ts';

/** The problems of settings; empty if they are valid. */
export function problems(values: Readonly<Record<string, unknown>>): readonly string[] {
  const outcome = parseSettings(values);
  return outcome.ok ? [] : outcome.problems;
}

/** Parsed settings, which must be valid. */
export function settings(values: Readonly<Record<string, unknown>>) {
  const outcome = parseSettings(values);
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  return outcome.settings;
}
