import { scriptWordsOf } from './script-words.ts';

/** Longer SQL is not taken apart here, which would hold up all requests beside it: the words alone are enough. */
const MOST_CHARACTERS = 32_768;
const MAY_LEAVE = /@@|\b(?:EXECUTE|CALL)\b/i;

/**
 * Whether SQL may leave the slots of its project while it runs. That a script names `@@reservation` at all is enough;
 * and so is SQL that it runs unseen, in a procedure or a text made as it runs, since that may set it.
 */
export function mayLeaveReservation(sql: string): boolean {
  if (sql.length > MOST_CHARACTERS) return MAY_LEAVE.test(sql);
  const { systemVariables, unseen } = scriptWordsOf(sql);
  // A name with an escape may be any.
  return (
    unseen !== null || [...systemVariables].some((name) => name === 'reservation' || name.includes('\\'))
  );
}
