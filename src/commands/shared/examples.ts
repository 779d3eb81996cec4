/**
 * What stands at the end of a command's help: calls of it that can be typed as they are.
 * @param calls each as it stands behind `guardrail`
 */
export function examples(...calls: readonly string[]): string {
  return `\nExamples:\n${calls.map((call) => `  guardrail ${call}`).join('\n')}`;
}
