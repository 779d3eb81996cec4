import type { Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings/settings.ts';
import type { TlsSettings } from '../settings/tls.ts';
import { type Certificate, type Listener, validityProblem } from '../transport/certificate.ts';
import { overTls, plainHttp, type Transport } from '../transport/transport.ts';
import { watchCertificate } from '../transport/watch-certificate.ts';
import { type Ending, endAll } from './endings.ts';
import type { ServiceContext } from './service-context.ts';

export interface Transports {
  readonly proxy: Transport;
  readonly ops: Transport;
  /** Stops looking for renewed certificates. */
  close(): Promise<void>;
}

/**
 * The transport of each listener, as the settings say.
 * @throws CertificateError
 */
export async function createTransports(
  settings: Settings,
  context: Pick<ServiceContext, 'log' | 'metrics'>,
): Promise<Transports> {
  const endings: Ending[] = [];
  const transportOf = async (listener: Listener, files: TlsSettings | null): Promise<Transport> => {
    if (files === null) return plainHttp;
    const watch = await watchCertificate(listener, files, watchEvents(listener, context));
    endings.push(watch.close);
    reportFirst(listener, watch.current(), context);
    return overTls(watch, (error) => {
      context.metrics.tlsRefused.inc({ listener });
      context.log.debug({ listener, err: error }, 'a connection did not get through the handshake of TLS');
    });
  };
  const close = () => endAll(endings);
  try {
    const proxy = await transportOf('proxy', settings.tls);
    return { proxy, ops: await transportOf('ops', settings.opsTls), close };
  } catch (error) {
    await close().catch((err: unknown) =>
      context.log.error({ err }, 'a watch of a certificate could not be ended'),
    );
    throw error;
  }
}

/**
 * A process that starts with a certificate outside its validity goes on: clocks differ, and some clients do not check.
 */
function reportFirst(
  listener: Listener,
  certificate: Certificate,
  { log, metrics }: Pick<ServiceContext, 'log' | 'metrics'>,
): void {
  countAccepted(listener, certificate, metrics);
  const problem = validityProblem(certificate, Date.now());
  if (problem !== null)
    log.error({ listener }, `the certificate ${problem}: clients that check it do not connect`);
}

function countAccepted(listener: Listener, certificate: Certificate, metrics: Metrics): void {
  metrics.tlsExpiry.set({ listener }, certificate.expiresAtMs / 1000);
  metrics.tlsRejected.set({ listener }, 0);
}

function watchEvents(listener: Listener, { log, metrics }: Pick<ServiceContext, 'log' | 'metrics'>) {
  return {
    onRenewed(certificate: Certificate) {
      countAccepted(listener, certificate, metrics);
      const expires = new Date(certificate.expiresAtMs).toISOString();
      log.info({ listener, expires }, 'the certificate was renewed');
    },
    onRejected(problem: string) {
      metrics.tlsRejected.set({ listener }, 1);
      log.error({ listener, problem }, 'a new certificate was rejected; the previous one stays in use');
    },
    onError(error: unknown) {
      log.error({ listener, err: error }, 'a look at the files of a certificate broke; the next look comes');
    },
  };
}
