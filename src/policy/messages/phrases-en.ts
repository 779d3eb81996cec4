import type { Templates } from './phrase-arguments.ts';

const PERIOD =
  '{window, select, hour {an hour} day {a day} week {a week} month {a month} rolling {{hours, plural, one {in # hour} other {in # hours}}} other {at once}}';
const SMALLER = 'make the query smaller (fewer columns, a shorter period, a filter on the partition column)';
const ASK = 'ask {contact, select, nothing {the owners of the budget} other {{contact}}}';

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
    '{running, plural, one {# query is} other {# queries are}} already running under budget {budget}, and {waiting, plural, =0 {none may wait} one {# is waiting} other {# are waiting}}',
  waitedTooLong:
    'it waited {waited} for budget {budget}, which allows {limit} to run at once, and no place became free',
  matchedRules:
    'Beyond its limit, this budget refuses only queries that certain rules match; {count, plural, one {rule {rules} matches} other {rules {rules} match}} this one.',
  exceedsCap: 'The query would scan {asked}, and the rule allows at most {most} per query.',
  conditionFailed:
    'The condition of rule {rule} failed on this query{effect, select, deny {, so the query does not run} other {}}. Please tell {contact, select, nothing {the owners of the policies} other {{contact}}}.',
  refusedFrom: 'From {day} on, this query will be refused.',
  fixQuery:
    'What to do: change the query as described above and run it again; if you need it as it is, ask {contact, select, nothing {the owners of the rule} other {{contact}}}.',
  neverFits: `What to do: ${SMALLER}. As it is, it never fits; if you need it as it is, ${ASK}.`,
  whatToDo: 'What to do: {ways}.',
  shrink: SMALLER,
  avoidRules: 'change the query so that no such rule matches it (this budget then lets it run)',
  waitUntilRenewal: 'wait until the budget renews on {renewsAt}',
  waitForOldest: 'wait until the oldest use expires on {freedAt}',
  tryAgain: 'try again in a moment',
  ask: ASK,
  suggestion:
    'Suggestion ({result, select, same {same result} other {the result changes}}): {changes}, it would {effects}.',
  withFilter: 'with the filter {shows}',
  withColumns: 'with only the columns {shows}',
  withTable: 'over {shows}',
  withFunction: 'with {shows}',
  withTime: 'with {shows} for the current time',
  scansLess: 'scan {bytes} instead of {insteadOf}',
  scansTheSame: 'scan the same {bytes}',
  costsLess: 'cost {saved} less',
  savesRepeats: 'save what repeats cost in the last 24 hours ({bytes}, {cost})',
  isLetThrough: 'be allowed',
  isStillRefused: 'still be refused',
  decisionId: 'Decision ID: {id}',
  decisionPage: 'See it in the console: {page}',
  left: '{budgets, plural, one {What is left of the budget that covers it:} other {What is left of the budgets that cover it:}}',
  balance: '{budget}: {left} of {limit}; renews on {renewsAt}.',
  rollingBalance: `{budget}: {left} of {limit} ${PERIOD}{freedAt, select, nothing {} other {; the oldest use expires on {freedAt}}}.`,
  atOnceBalance: '{budget}: {running} of {limit} running.',
  raised: '{limit} (with a grant of {granted})',
  unnamed:
    'no {kind, select, team {team} principal {principal} person {person} dashboard {dashboard} card {card} other {project}} {kind, select, principal {confirmed} other {named}}',
  ledgerFailed:
    'The ledger of budgets cannot be written, so the query was not run. Try again; if the problem persists, tell the operators of guardrail.',
  notReadInTime:
    'guardrail had no time to read this query, so it was not run. Try again; if the problem persists, tell the operators of guardrail.',
  stopping: 'guardrail is stopping, and the query was not run. Try again.',
};
