import { MAX_TOKENIZED_CHARACTERS, scriptWordsOf } from './script-words.ts';

const MAY_MAKE = /\b(?:MODEL|EXECUTE|CALL)\b/i;

/** Whether a script may make a model: where it says so, and where it runs what does not stand in its text. */
export function mayMakeModel(sql: string): boolean {
  if (sql.length > MAX_TOKENIZED_CHARACTERS) return MAY_MAKE.test(sql);
  const { makesModel, unseen } = scriptWordsOf(sql);
  return makesModel || unseen !== null;
}
