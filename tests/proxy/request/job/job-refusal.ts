import { BadRequest } from '../../../../src/proxy/stop.ts';

/** The answer to a body that cannot be read. */
export function refusal(reading: () => unknown): { status: number; reason: string; message: string } {
  try {
    reading();
  } catch (error) {
    if (error instanceof BadRequest && error.answer.from === 'guardrail') return error.answer.content;
    throw error;
  }
  throw new Error('the body was read');
}
