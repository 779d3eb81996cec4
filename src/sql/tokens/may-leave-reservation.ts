import { MAX_TOKENIZED_CHARACTERS, scriptWordsOf } from './script-words.ts';

const MAY_LEAVE = /@@|\b(?:EXECUTE|CALL)\b/i;

/**
 * Whether SQL may leave its project's slots while it runs. Any mention of `@@reservation` in a script is enough; and so
 * is SQL that runs unseen, in a procedure or as dynamic SQL, since that may set it.
 */
export function mayLeaveReservation(sql: string): boolean {
  if (sql.length > MAX_TOKENIZED_CHARACTERS) return MAY_LEAVE.test(sql);
  const { systemVariables, unseen } = scriptWordsOf(sql);
  // A name with an escape may be any name.
  return (
    unseen !== null || [...systemVariables].some((name) => name === 'reservation' || name.includes('\\'))
  );
}
