import { decimalOf } from '../../vocabulary/money.ts';
import { changeKinds } from './outcomes.ts';
import type { ChangeSum, ReplayReport, Row } from './report.ts';
import type { Tally } from './tally.ts';
import { methodNotes } from './words.ts';

/** For programs: amounts as decimal text, since they may exceed what a float holds exactly. */
export function replayAsJson(report: ReplayReport): string {
  const { fromMs, toMs, asOfMs, rows, changes, ...rest } = report;
  const content = {
    from: new Date(fromMs),
    to: new Date(toMs),
    asOf: new Date(asOfMs),
    ...rest,
    changes: Object.fromEntries(changeKinds.map((kind) => [kind, changeOf(changes[kind])])),
    rows: Object.fromEntries(Object.entries(rows).map(([dimension, each]) => [dimension, each.map(rowOf)])),
    method: methodNotes(report),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function changeOf({ all, once, ...rest }: ChangeSum) {
  return { all: tallyOf(all), once: tallyOf(once), ...rest };
}

function rowOf({ name, sql, changes }: Row) {
  const changed = changeKinds.filter((kind) => changes[kind].queries > 0);
  return {
    name,
    ...(sql === null ? {} : { sql }),
    changes: Object.fromEntries(changed.map((kind) => [kind, tallyOf(changes[kind])])),
  };
}

function tallyOf({ queries, bytes, micros }: Tally) {
  const cost = Object.fromEntries([...micros].map(([currency, amount]) => [currency, decimalOf(amount)]));
  return { queries, bytes: String(bytes), cost };
}
