/** The languages of guardrail's messages to people. */
export const languages = ['en', 'pt-BR'] as const;
export type Language = (typeof languages)[number];
