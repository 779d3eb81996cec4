import { readFileSync } from 'node:fs';

/**
 * Loaded before a guardrail by `--import`: sets its wall clock off from the machine's by as many milliseconds as the
 * file says that STEPPED_CLOCK names, from one moment to the next. Clocks that only run, as `performance.now()` does, go
 * on as they do when a machine's clock is set.
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
    // Every form but the empty one names an instant by itself.
    first === undefined ? new date(date.now()) : Reflect.construct(date, [first, ...rest]),
});
