import { errorMessage } from '../foundation/text/error-message.ts';
import { startRounds } from '../foundation/waiting/rounds.ts';
import type { TlsSettings } from '../settings/tls.ts';
import {
  type Certificate,
  CertificateError,
  type CertificateTexts,
  certificateFrom,
  type Listener,
  readCertificateFiles,
  validityProblem,
} from './certificate.ts';

export interface CertificateEvents {
  /** Another certificate is shown, or a bad one was taken back. */
  onRenewed(certificate: Certificate): void;
  /** The files changed but are rejected; the certificate before them is still shown. */
  onRejected(problem: string): void;
  /** A look failed, for example because a listener threw; the next one comes all the same. */
  onError(error: unknown): void;
}

/** The certificate in force, which files that do not match never replace. */
export interface CertificateWatch {
  /** The certificate that is shown. */
  current(): Certificate;
  /** Calls back for each certificate shown from now on, until the returned function is called. */
  onRenewed(callback: (certificate: Certificate) => void): () => void;
  /** Resolves once there are no more callbacks. */
  close(): Promise<void>;
}

const COMPARE_EVERY_MS = 2_000;

/**
 * Reads the certificate of a listener and follows its files. They are compared at intervals: mounted secrets are
 * swapped by links, which file events do not report. A change counts once two looks in a row agree, since certificate
 * and key are written one after the other.
 * @throws CertificateError if the files cannot be used for TLS at the start
 */
export async function watchCertificate(
  listener: Listener,
  files: TlsSettings,
  events: CertificateEvents,
  compareEveryMs = COMPARE_EVERY_MS,
): Promise<CertificateWatch> {
  const first = await readCertificateFiles(listener, files);
  let current = certificateFrom(listener, files, first);
  let lastJudged = versionOf(first);
  let lastVersion = lastJudged;
  /** When the files are judged again although they are the same: a rejected certificate becomes valid. */
  let judgeAgainAtMs = Number.POSITIVE_INFINITY;
  const listeners = new Set<(certificate: Certificate) => void>();

  async function checkFiles(): Promise<void> {
    const found = await readOrProblem(listener, files);
    const version = typeof found === 'string' ? found : versionOf(found);
    const isStable = version === lastVersion;
    lastVersion = version;
    const isJudged = version === lastJudged && Date.now() < judgeAgainAtMs;
    if (!isStable || isJudged) return;
    lastJudged = version;
    judgeAgainAtMs = Number.POSITIVE_INFINITY;
    const next = typeof found === 'string' ? found : applyOrProblem(found);
    if (typeof next === 'string') events.onRejected(next);
    else events.onRenewed(next);
  }

  function applyOrProblem(texts: CertificateTexts): Certificate | string {
    try {
      const next = certificateFrom(listener, files, texts);
      const nowMs = Date.now();
      const validity = validityProblem(next, nowMs);
      if (nowMs < next.validFromMs) judgeAgainAtMs = next.validFromMs;
      if (validity !== null)
        throw new CertificateError(`the certificate in ${files.certificate} ${validity}`);
      for (const notify of listeners) notify(next);
      current = next;
      return next;
    } catch (error) {
      return errorMessage(error);
    }
  }

  const timing = { firstAfterMs: compareEveryMs, everyMs: compareEveryMs };
  const close = startRounds({ ...timing, onError: events.onError }, checkFiles);
  return {
    current: () => current,
    onRenewed(callback) {
      listeners.add(callback);
      return () => void listeners.delete(callback);
    },
    close,
  };
}

async function readOrProblem(listener: Listener, files: TlsSettings): Promise<CertificateTexts | string> {
  try {
    return await readCertificateFiles(listener, files);
  } catch (error) {
    return errorMessage(error);
  }
}

function versionOf({ cert, key, clientCa }: CertificateTexts): string {
  return JSON.stringify([cert, key, clientCa]);
}
