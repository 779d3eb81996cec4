/** SQL for which there is no translation: it stays unread. */
export class Untranslatable extends Error {}
