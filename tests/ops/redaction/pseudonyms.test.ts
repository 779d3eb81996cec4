import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createPseudonyms } from '../../../src/ops/redaction/pseudonyms.ts';
import { ANA, accessSettings, RUI } from '../access/builders.ts';

const pseudonymOf = createPseudonyms(accessSettings());

describe('a pseudonym', () => {
  test('is the same in every process with the same tokens of those who see persons, in any order, and differs with others', () => {
    const of = (values: Readonly<Record<string, unknown>>) => createPseudonyms(accessSettings(values))('ana');

    expect(of({})).toBe(pseudonymOf('ana'));
    expect(of({ operator_tokens: { rui: RUI }, analyst_tokens: { ana: ANA } })).toBe(pseudonymOf('ana'));
    expect(of({ operator_tokens: { ana: 'another-token-of-ana' } })).not.toBe(pseudonymOf('ana'));
    expect(of({ viewer_tokens: { bia: 'another-token-of-bia' } })).toBe(pseudonymOf('ana'));
  });

  test('is not derived by a fast hash, so that it does not help to guess tokens', () => {
    const guessed = hkdfSync('sha256', [ANA, RUI].join('\n'), '', 'guardrail pseudonyms', 32);
    const tried = createHmac('sha256', new Uint8Array(guessed)).update('ana').digest('hex');

    expect(pseudonymOf('ana')).not.toBe(`person-${tried.slice(0, 8)}`);
  });

  test('stays the same when tokens change but pseudonym_key does not', () => {
    const of = (operator: string) =>
      createPseudonyms(
        accessSettings({ operator_tokens: { ana: operator }, pseudonym_key: 'a-key-of-sixteen-characters' }),
      )('ana');

    expect(of('another-token-of-ana')).toBe(of('token-of-ana-0123456789'));
  });

  test('is random in each process if only viewers have tokens, so that viewers cannot compute it', () => {
    const settings = accessSettings({ operator_tokens: {}, analyst_tokens: {} });

    expect(createPseudonyms(settings)('ana')).not.toBe(createPseudonyms(settings)('ana'));
  });
});
