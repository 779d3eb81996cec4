import { bigintAsText } from '../../../foundation/text/json.ts';
import type { Facts } from '../../../policy/facts/facts.ts';
import type { RuleOpinion } from '../../../policy/rules/opinions.ts';
import type { Rehearsal } from '../../../rehearsal/rehearse.ts';
import { formatAmount, unitOf } from '../../../vocabulary/budget.ts';
import { formatBytes } from '../../../vocabulary/bytes.ts';
import { formatMoney } from '../../../vocabulary/money.ts';
import { type Easing, fileAndLine } from '../../../vocabulary/policy.ts';
import type { TableUse } from '../../../vocabulary/reading.ts';
import { refuserIn } from '../../../vocabulary/refusal.ts';
import { type BudgetBalance, remaining } from '../../../vocabulary/spend.ts';
import { tableName } from '../../../vocabulary/table.ts';

/** A query, and what each stage makes of it. */
export interface Explanation {
  readonly sql: string;
  /** Where its estimate comes from. */
  readonly source: string;
  /** False if budgets are assumed to be untouched. */
  readonly hasLedger: boolean;
  readonly facts: Facts;
  readonly rehearsal: Rehearsal;
}

const MARGIN = 10;

/** For people: stage by stage, with the verdict at the end. */
export function explanationAsText(explanation: Explanation): string {
  const { sql, rehearsal } = explanation;
  const { caller, team } = rehearsal;
  const hints = [caller.tool, caller.person, caller.dashboard, caller.card].filter((hint) => hint !== null);
  return [
    section('Query', sql.trim().split('\n')),
    section('As', [
      `${caller.principal ?? 'somebody unknown'}, team ${team.name}, answered in ${team.language}`,
      ...(hints.length === 0 ? [] : [hints.join(', ')]),
    ]),
    section('Read', readLines(rehearsal)),
    section('Estimate', estimateLines(explanation)),
    section('Facts', factLines(explanation.facts)),
    section('Rules', rehearsal.opinions.flatMap(ruleLines)),
    section('Budgets', budgetLines(explanation)),
    section('Decision', decisionLines(rehearsal)),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return lines
    .map((line, index) => `${(index === 0 ? title : '').padEnd(MARGIN)}${line}`.trimEnd())
    .join('\n')
    .concat('\n');
}

function readLines({ reading }: Rehearsal): readonly string[] {
  if (reading.reader === 'none') return [`not read: ${reading.unreadReason ?? 'no parser takes it'}`];
  return [
    `${reading.statement}, fingerprint ${reading.fingerprint}, read by ${reading.reader}`,
    ...reading.tables.map(tableLine),
    ...(reading.limit === null ? [] : [`LIMIT ${reading.limit}, which saves no bytes`]),
  ];
}

function tableLine({ table, star, projected, filtered, tested = [], joined, grouped }: TableUse): string {
  const uses = [
    ['selects', [...(star ? ['*'] : []), ...projected]],
    ['filters', filtered],
    ['tests', tested],
    ['joins on', joined],
    ['groups by', grouped],
  ] as const;
  const parts = uses
    .filter(([, columns]) => columns.length > 0)
    .map(([use, columns]) => `${use} ${columns.join(', ')}`);
  return [tableName(table), ...parts].join('; ');
}

function estimateLines({ source, rehearsal }: Explanation): readonly string[] {
  const { estimate, cost, verdict, budgets } = rehearsal;
  const { bytesProcessed, bytesBilled, accuracy, statementType, location, referencedTables } = estimate;
  const ruleCap = verdict.maximumBytesBilled;
  const cached = estimate.resultCached === true ? ": BigQuery's cache holds the answer" : '';
  return [
    `${formatBytes(bytesProcessed)} processed, ${formatBytes(bytesBilled)} billed, ${formatMoney(cost)}${cached}`,
    `${accuracy}, ${statementType} in ${location}, ${source}`,
    ...referencedTables.map((table) => `reads ${tableName(table)}`),
    `capped at ${formatBytes(budgets.cap)}${ruleCap === null ? '' : `; rules allow ${formatBytes(ruleCap)}`}`,
  ];
}

function factLines(facts: Facts): readonly string[] {
  const { tables, ...query } = facts.query;
  return [
    ...Object.entries({ ...facts, query }).flatMap(([of, values]) => factsIn(of, values)),
    ...tables.flatMap((table) => factsIn('t', { ...table })),
  ];
}

const WIDTH = 100;

/** On as few lines as possible, without empty or unknown values. */
function factsIn(of: string, values: object): readonly string[] {
  const facts = Object.entries(values)
    .filter(([, value]) => !isUnknown(value))
    .map(([name, value]) => `${of}.${name} ${plain(value)}`);
  const lines: string[] = [];
  for (const fact of facts) {
    const last = lines.at(-1);
    if (last === undefined || last.length + fact.length > WIDTH) lines.push(fact);
    else lines[lines.length - 1] = `${last}, ${fact}`;
  }
  return lines;
}

function isUnknown(value: unknown): boolean {
  return value === '' || value === -1n || value === -1 || (Array.isArray(value) && value.length === 0);
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each));
}

function ruleLines(opinion: RuleOpinion): readonly string[] {
  const { rule, outcome, mode, hit, cap, source, failure } = opinion;
  const effect = hit === null ? mode : hit.mode;
  const effects = [
    ...(effect === null ? [] : [effect]),
    ...(cap === null ? [] : [`caps at ${formatBytes(cap)}`]),
  ];
  const word = { held: '✔ holds', missed: '· does not', failed: '! failed', 'other team': '· other team' }[
    outcome
  ];
  return [
    `${word.padEnd(13)}${rule} (${fileAndLine(source)})${effects.length === 0 ? '' : `: ${effects.join(', ')}`}`,
    ...(failure === null ? [] : [`${' '.repeat(13)}${failure}`]),
    ...(hit?.eased === undefined
      ? []
      : [`${' '.repeat(13)}would be ${hit.eased.wouldBe}; ${heldBackBy(hit.eased)}`]),
    ...(hit === null || hit.message === ''
      ? []
      : hit.message.split('\n').map((line) => `${' '.repeat(13)}${line}`)),
  ];
}

function heldBackBy(easing: Easing): string {
  switch (easing.by) {
    case 'date':
      return `enforced from ${easing.from} on`;
    case 'roll-out':
      return `rolled out to ${easing.share} of fingerprints, not to this one`;
    default:
      return `exempted until ${easing.until} by ${easing.owner} (${fileAndLine(easing.source)}): ${easing.reason}`;
  }
}

function budgetLines({ rehearsal, hasLedger }: Explanation): readonly string[] {
  const { balances, budgets } = rehearsal;
  if (balances.length === 0) return ['no budget covers it'];
  const { slotMs, bytesBilled } = budgets.requested;
  const requested = `asked for ${formatBytes(bytesBilled)}, ${formatMoney(budgets.requested.cost)}`;
  return [
    `${requested}${slotMs === 0n ? '' : `, ${formatAmount('slot-ms', slotMs)}`}${hasLedger ? '' : '; no ledger was given, so all are taken to be untouched'}`,
    ...balances.map(balanceLine),
  ];
}

function balanceLine(balance: BudgetBalance): string {
  const { budget, account, limit } = balance;
  const amount = (value: bigint) => formatAmount(unitOf(budget.limit), value);
  const renewal = budget.window === 'now' ? '' : `, until ${new Date(balance.window.endMs).toISOString()}`;
  const name = account === '' ? budget.name : `${budget.name} of ${account}`;
  return `${name} (${fileAndLine(budget.source)}): ${amount(remaining(balance))} left of ${amount(limit)}${renewal}`;
}

function decisionLines({ cause, message }: Rehearsal): readonly string[] {
  const messageLines = message === '' ? [] : ['', ...message.split('\n').map((line) => `│ ${line}`)];
  if (cause === null)
    return [`would run${messageLines.length === 0 ? '' : ', with warnings'}`, ...messageLines];
  const by =
    cause.by === 'rule'
      ? cause.hits.map(({ rule }) => rule).join(', ')
      : `budget ${cause.balance.budget.name}`;
  return [`would be refused by ${by}`, ...messageLines];
}

/** Everything, with amounts as decimal text. */
export function explanationAsJson({ sql, source, hasLedger, facts, rehearsal }: Explanation): string {
  const { caller, team, reading, estimate, cost, opinions, verdict, budgets, balances, cause, message } =
    rehearsal;
  const report = {
    sql,
    as: { ...caller, language: team.language },
    read: reading,
    estimate: { ...estimate, source, cost },
    facts,
    rules: opinions,
    cap: { byRules: verdict.maximumBytesBilled, sent: budgets.cap },
    budgets: {
      fromLedger: hasLedger,
      asked: budgets.requested,
      balances: balances.map((balance) => ({
        budget: balance.budget.name,
        account: balance.account,
        source: balance.budget.source,
        unit: unitOf(balance.budget.limit),
        limit: balance.limit,
        used: balance.used,
        reserved: balance.reserved,
        left: remaining(balance),
      })),
    },
    decision: cause === null ? 'allow' : 'deny',
    refusedBy: cause === null ? [] : refuserIn(cause).names,
    message,
  };
  return `${JSON.stringify(report, bigintAsText, 2)}\n`;
}
