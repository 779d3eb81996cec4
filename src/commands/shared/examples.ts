/**
 * The end of a command's help: calls that can be typed as they are.
 * @param calls each as it follows `guardrail`
 */
export function examples(...calls: readonly string[]): string {
  return `\nExamples:\n${calls.map((call) => `  guardrail ${call}`).join('\n')}`;
}
