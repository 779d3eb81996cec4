import {
  ANTI_PATTERN_NAMES,
  type AntiPatternName,
} from '../../../src/vocabulary/antipatterns/antipattern.ts';
import { antiPatternText } from '../../../src/vocabulary/antipatterns/texts.ts';
import { ANTI_PATTERN_EXAMPLES, type AntiPatternCost } from './examples.ts';
import { LIMITS } from './limits.ts';

const INTRODUCTION = `# Anti-patterns

These are the patterns in SQL that guardrail recognises as costing more than necessary, each with its cost, what to write
instead, and what is deliberately not reported. A false alarm costs more trust than a miss costs money, so guardrail reports
a pattern only if the SQL shows it. SQL that polyglot does not read (see \`reader\` in a reading) has no findings.

Findings include their place in the text, so that tools can underline it. Some depend on what the warehouse knows about a
table (its partitions, its size). These are kept with a query as candidates, and reported only if that information is known
and confirms them (\`antiPatternsOf(reading, partitionColumnOf, bytesOf)\`). A query has at most a hundred findings of one
kind. If guardrail cannot look for one kind because the query is too unusual, it still looks for the others, and the query
counts as unread.

The search takes 0.2 ms for a dashboard query and 0.5 ms for one of 2,000 characters (medians over 300 rounds on two busy
cores, where parsing the same took 0.1 to 0.9 ms), once for each text, since readings are kept.

This page is generated from the texts that messages show. After a change, run \`npm test -- tests/sql --update\`; a test
fails until you do.
`;

const COSTS: Readonly<Record<AntiPatternCost, string>> = {
  bytes: 'bytes billed',
  slots: 'slot time',
  cache: 'results from the cache',
  storage: 'bytes stored',
};

/** The whole text of docs/antipatterns.md. */
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
