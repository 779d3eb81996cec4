import { ANTI_PATTERN_NAMES, type AntiPatternName } from '../../../src/vocabulary/antipattern.ts';
import { antiPatternText } from '../../../src/vocabulary/antipattern-texts.ts';
import { ANTI_PATTERN_EXAMPLES, type AntiPatternCost } from './examples.ts';
import { LIMITS } from './limits.ts';

const INTRODUCTION = `# Anti-patterns

What the guardrail recognises in SQL as costing more than it need, each with what it costs, what to write instead, and
what is left alone on purpose. A false alarm costs more trust than a miss costs money, so each is told of only where
the SQL shows it. SQL that polyglot does not read (see \`reader\` in a reading) has none.

Findings carry their place in the text, so that tools can underline it. Those that hang on what the warehouse knows of a
table (what it is partitioned by, how large it is) are kept with a query as candidates, and told of only where that is
known and bears them out: \`antiPatternsOf(reading, partitionColumnOf, bytesOf)\` does so. Of one kind, a query has at
most a hundred findings. Where one kind cannot be looked for, because the query is too odd, the others still are, and the
query counts as unread.

Looking for them takes 0.2 ms for a query of a dashboard and 0.5 ms for one of 2,000 characters (medians over 300
rounds on two busy cores, where parsing the same took 0.1 to 0.9 ms), once for each text: readings are kept.

This page is made from the texts that messages show. After a change of these, \`npm test -- tests/sql --update\` makes
it anew; a test fails until it is.
`;

const COSTS: Readonly<Record<AntiPatternCost, string>> = {
  bytes: 'bytes billed',
  slots: 'slot time',
  cache: 'results from the cache',
  storage: 'bytes stored',
};

/** docs/antipatterns.md, whole. */
export function antiPatternsPage(): string {
  return [INTRODUCTION, overview(), ...ANTI_PATTERN_NAMES.map(section)].join('\n');
}

function overview(): string {
  const rows = ANTI_PATTERN_NAMES.map((name) => {
    const { costs } = ANTI_PATTERN_EXAMPLES[name];
    return `| [\`${name}\`](#${name}) | ${antiPatternText(name, 'en').title} | ${COSTS[costs]} |`;
  });
  return ['| Name | What it is | Costs |', '|---|---|---|', ...rows, ''].join('\n');
}

function section(name: AntiPatternName): string {
  const english = antiPatternText(name, 'en');
  const portuguese = antiPatternText(name, 'pt-BR');
  const { before, after, result, source } = ANTI_PATTERN_EXAMPLES[name];
  return [
    `## ${name}`,
    '',
    `**${english.title}.** ${english.why} ${english.instead}`,
    '',
    `**${portuguese.title}.** ${portuguese.why} ${portuguese.instead}`,
    '',
    '```sql',
    before,
    `-- instead, with ${result === 'same' ? 'the same result' : 'another result'}`,
    after,
    '```',
    '',
    LIMITS[name],
    '',
    ...(source === null ? [] : [`Source: <${source}>`, '']),
  ].join('\n');
}
