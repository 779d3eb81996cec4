import { vi } from 'vitest';
import { createTurnstile } from '../../../src/budget/turnstile/turnstile.ts';
import { createSimulatedLedger } from './simulated-ledger.ts';

export const POLL_MS = 250;

interface Arrival {
  readonly caller?: string;
  readonly accounts?: readonly string[];
  readonly limit?: number;
  readonly waitMs?: number;
  readonly askMs?: number;
  readonly signal?: AbortSignal;
}

/** A turnstile in front of a ledger, and the outcome of every query sent through it. */
export function openGate(room: Readonly<Record<string, number>> = { team: 1 }) {
  const ledger = createSimulatedLedger(room);
  const turnstile = createTurnstile({ pollMs: POLL_MS });
  const passed: string[] = [];
  const ends = new Map<string, string>();

  function arrive(name: string, arrival: Arrival = {}): AbortController {
    const { accounts = ['team'], limit = 100, askMs = 0 } = arrival;
    const client = new AbortController();
    turnstile
      .pass({
        places: accounts.map((account) => ({ account, limit })),
        caller: arrival.caller ?? name,
        waitMs: arrival.waitMs ?? 10_000,
        signal: arrival.signal ?? client.signal,
        ask: () => ledger.ask(name, accounts, askMs / 2),
      })
      .then((passage) => {
        ends.set(name, passage.end === 'answered' ? 'answered' : `${passage.end}: ${passage.account}`);
        if (passage.end === 'answered') passed.push(passage.answer);
      });
    return client;
  }

  function finish(name: string): void {
    for (const account of ledger.giveBack(name)) turnstile.released(account);
  }

  return { turnstile, ledger, passed, ends, arrive, finish };
}

/** Runs everything that needs no time to pass. */
export const settle = () => vi.advanceTimersByTimeAsync(0);
export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
