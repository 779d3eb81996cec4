import type { Templates } from './phrase-arguments.ts';

const PERIOD =
  '{window, select, hour {an hour} day {a day} week {a week} month {a month} rolling {{hours, plural, one {in # hour} other {in # hours}}} other {at once}}';
const SMALLER = 'make the query smaller (fewer columns, a shorter period, a filter on the partition column)';

export const english: Templates = {
  estimate:
    'would scan {bytes}{slotTime, select, nothing {} other {, use {slotTime}}} and cost {cost}{others, select, nothing {} other { ({others})}}',
  refused: 'This query, which {estimate}, was not run.',
  refusedSince: 'This query, which {estimate}, was not run: {reason}.',
  byRules: '{count, plural, one {rule {rules} refuses it} other {rules {rules} refuse it}}',
  takesTooMuch:
    'it would take {asked} out of budget {budget}, which has {left, select, nothing {nothing} other {{left}}} left',
  noQueryLeft: `budget {budget} allows {limit} ${PERIOD}, and none is left`,
  queueIsFull:
    '{running, plural, one {# query runs} other {# queries run}} already under budget {budget}, and {waiting, plural, =0 {none may wait} one {# waits} other {# wait}}',
  waitedTooLong:
    'it waited {waited} for budget {budget}, which lets {limit} run at once, and no place came free',
  caughtBy:
    'Beyond its limit, this budget refuses only queries that are caught by certain rules; {count, plural, one {rule {rules} catches} other {rules {rules} catch}} this one.',
  exceedsCap: 'The query would scan {asked}, and the rule allows {most} a query at most.',
  conditionFailed:
    'The condition of rule {rule} failed on this query{effect, select, deny {, so the query does not run} other {}}. Tell those who look after the policies.',
  refusedFrom: 'From {day} on this query is refused.',
  mendQuery:
    'What to do: change the query as said above and run it again; if you need it as it is, ask those who look after the rule.',
  neverFits: `What to do: ${SMALLER}. As it is, it never fits; ask those who look after the budget if you need it so.`,
  whatToDo: 'What to do: {ways}.',
  shrink: SMALLER,
  avoidRules: 'change the query so that no such rule catches it (this budget then lets it run)',
  waitUntilRenewal: 'wait until the budget renews on {renewsAt}',
  waitForOldest: 'wait until the oldest part falls out on {freedAt}',
  tryAgain: 'try again in a moment',
  ask: 'ask those who look after the budget',
  suggestion:
    'Suggestion ({result, select, same {same result} other {the result changes}}): {changes}, it would {effects}.',
  withFilter: 'with the filter {shows}',
  withColumns: 'with the columns {shows} alone',
  withTable: 'over {shows}',
  withFunction: 'with {shows}',
  withTime: 'with {shows} for the time of asking',
  scansLess: 'scan {bytes} in place of {insteadOf}',
  scansTheSame: 'scan the same {bytes}',
  costsLess: 'cost {saved} less',
  savesRepeats: 'save what repeats took in the last 24 hours ({bytes}, {cost})',
  isLetThrough: 'be let through',
  isStillRefused: 'be refused all the same',
  decisionId: 'Decision ID: {id}',
  decisionPage: 'See it in the console: {page}',
  left: '{budgets, plural, one {What is left of the budget that covers it:} other {What is left of the budgets that cover it:}}',
  balance: '{budget}: {left} of {limit}; renews on {renewsAt}.',
  rollingBalance: `{budget}: {left} of {limit} ${PERIOD}{freedAt, select, nothing {} other {; the oldest part falls out on {freedAt}}}.`,
  atOnceBalance: '{budget}: {running} of {limit} running.',
  raised: '{limit} (with a grant of {granted})',
  unnamed:
    'no {kind, select, team {team} principal {principal} person {person} dashboard {dashboard} card {card} other {project}} {kind, select, principal {confirmed} other {named}}',
  ledgerFailed:
    'The ledger of budgets cannot be written, so the query was not run. Try again; if it lasts, tell those who run the guardrail.',
  notReadInTime:
    'The guardrail had no time to read this query, so it was not run. Try again; if it lasts, tell those who run the guardrail.',
  stopping: 'The guardrail is stopping, and the query was not run. Try again.',
};
