import { expect, onTestFinished, test, vi } from 'vitest';
import type { ColumnDrawing } from '../../src/console/charts/columns.ts';
import { createFigures } from '../../src/console/figures.ts';
import type { ConsoleQuestions } from '../../src/console/questions.ts';

const drawing: ColumnDrawing = { id: 'days', language: 'en', names: [], unit: 'USD', parts: [] };

test('as long as one chart comes after another, all of a page are waited for', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let asked = 0;
  const questions = {
    columns: () => {
      asked += 1;
      return new Promise<string>((resolve) => setTimeout(resolve, asked * 500, '<svg/>'));
    },
  };
  const { columns } = createFigures({ questions: questions as unknown as ConsoleQuestions });

  const drawn = Promise.all([columns(drawing), columns(drawing), columns(drawing), columns(drawing)]);
  await vi.advanceTimersByTimeAsync(5_000);

  expect(await drawn).toEqual(['<svg/>', '<svg/>', '<svg/>', '<svg/>']);
});

test('while charts are drawn too late, no more are asked for, and they are again once those are drawn', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const asked: PromiseWithResolvers<string>[] = [];
  const questions = {
    columns: () => {
      const question = Promise.withResolvers<string>();
      asked.push(question);
      return question.promise;
    },
  };
  const { columns } = createFigures({ questions: questions as unknown as ConsoleQuestions });

  const first = columns(drawing);
  await vi.advanceTimersByTimeAsync(1_000);
  const second = await columns(drawing);
  const askedMeanwhile = asked.length;
  asked[0]?.resolve('<svg/>');
  await vi.advanceTimersByTimeAsync(0);
  const third = columns(drawing);
  asked[1]?.resolve('<svg/>');

  expect(await first).toBeNull();
  expect(second).toBeNull();
  expect(askedMeanwhile).toBe(1);
  expect(await third).toBe('<svg/>');
});
