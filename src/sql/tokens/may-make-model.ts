import { scriptWordsOf } from './script-words.ts';

/** Longer SQL is not taken apart here, which would hold up all requests beside it: the words alone are enough. */
const MOST_CHARACTERS = 32_768;
const MAY_MAKE = /\b(?:MODEL|EXECUTE|CALL)\b/i;

/** Whether a script may make a model: where it says so, and where it runs what does not stand in its text. */
export function mayMakeModel(sql: string): boolean {
  if (sql.length > MOST_CHARACTERS) return MAY_MAKE.test(sql);
  const { makesModel, unseen } = scriptWordsOf(sql);
  return makesModel || unseen !== null;
}
