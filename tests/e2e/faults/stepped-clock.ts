import { readFileSync } from 'node:fs';

/**
 * Loaded before a guardrail with `--import`: offsets its wall clock from the machine's by the milliseconds in the file
 * that STEPPED_CLOCK names, from one moment to the next. Monotonic clocks such as `performance.now()` go on, as they do
 * when a machine's clock is set.
 */
const file = process.env['STEPPED_CLOCK'] ?? '';
const realNow = Date.now.bind(Date);
let offsetMs = 0;

function look(): void {
  offsetMs = Number(readFileSync(file, 'utf8'));
}

look();
setInterval(look, 20).unref();
Date.now = () => realNow() + offsetMs;
globalThis.Date = new Proxy(Date, {
  construct: (date, [first, ...rest]: [number?, ...number[]]) =>
    // Every form except the empty one names an instant itself.
    first === undefined ? new date(date.now()) : Reflect.construct(date, [first, ...rest]),
});
