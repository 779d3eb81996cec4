import { errorMessage } from '../foundation/text/error-message.ts';
import type { Policy } from '../policy/policy.ts';
import type { Redaction } from './redaction/redact.ts';
import { soon } from './silent-ledger.ts';
import type { OpsSources } from './sources.ts';

/** The parts that every query needs. */
interface GuardSources extends Pick<OpsSources, 'books' | 'onLedgerFailure' | 'readerProblem'> {
  readonly budgets: Pick<OpsSources['budgets'], 'standing'>;
  readonly policy: () => Pick<Policy, 'budgets' | 'version'>;
}

type ReadinessSources = GuardSources & Pick<OpsSources, 'rejectedPolicy' | 'spool'>;

/** The part of the answer that anybody may see. */
type ReadinessRedaction = Pick<Redaction, 'showsAll' | 'policyError'>;

export interface Readiness {
  /** Whether queries should be sent to this process. */
  readonly isReady: boolean;
  /** The JSON body of `/readyz`. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** Whether queries can be guarded, and what prevents it. */
export async function readiness(
  sources: ReadinessSources,
  redaction: ReadinessRedaction,
): Promise<Readiness> {
  const { isReady, ledger, reader } = await findGuardProblems(sources);
  const rejected = sources.rejectedPolicy();
  return {
    isReady,
    state: {
      status: isReady ? 'ready' : 'not ready',
      ledger: problemText(ledger, redaction),
      readers: problemText(reader, redaction),
      spooled: sources.spool.size,
      policy: {
        version: sources.policy().version,
        // A rejected edit leaves the older policy in force: ready, but worth a look.
        rejectedEdit: rejected === null ? null : rejected.map(redaction.policyError),
      },
    },
  };
}

/** What is wrong with a part that every query needs. */
export interface Problem {
  readonly what: 'cannot be read' | 'cannot be written' | 'cannot start';
  readonly why: unknown;
}

/** What prevents queries from being guarded, and whether they should be sent to this process nevertheless. */
export interface GuardProblems {
  readonly isReady: boolean;
  readonly ledger: Problem | null;
  readonly reader: Problem | null;
}

/** Asks the parts that every query needs, for a few seconds at most. Never rejects. */
export async function findGuardProblems(sources: GuardSources): Promise<GuardProblems> {
  const ledger = await ledgerProblem(sources);
  const why = sources.readerProblem();
  const reader: Problem | null = why === null ? null : { what: 'cannot start', why };
  // If queries run without the ledger, taking this process out of service would stop them.
  const isLedgerReady = ledger === null || sources.onLedgerFailure === 'allow_capped';
  return { isReady: isLedgerReady && reader === null, ledger, reader };
}

async function ledgerProblem({ budgets, books, policy }: GuardSources): Promise<Problem | null> {
  try {
    await soon(budgets.standing(policy().budgets.slice(0, 1), Date.now(), 1));
  } catch (error) {
    return { what: 'cannot be read', why: error };
  }
  // A full disk, or a lock that another process holds, does not prevent reading.
  const why = books.failure();
  return why === null ? null : { what: 'cannot be written', why };
}

/** The location of a database or a program, and system error messages, are not for everybody. */
function problemText(problem: Problem | null, { showsAll }: ReadinessRedaction): string {
  if (problem === null) return 'ok';
  const { what, why } = problem;
  return showsAll ? `${what}: ${errorMessage(why)}` : what;
}
