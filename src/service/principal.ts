import { credentialOf } from '../caller/credential.ts';
import { subjectOfSelfSignedJwt } from '../caller/self-signed-jwt.ts';
import { createTokenInfo } from '../caller/token-info.ts';
import type { Asker } from '../estimate/dry-run.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings/settings.ts';

const TOKEN_INFO_TIMEOUT_MS = 5_000;

/**
 * Who stands behind a credential that the warehouse has accepted without naming its owner: the subject of a self-signed
 * JWT, or else what the token-info endpoint says, or else nobody.
 */
export function principalFallback(
  settings: Pick<Settings, 'tokenInfoUrl' | 'estimateEntries'>,
  metrics: Metrics,
): (asker: Asker) => Promise<string | null> {
  const tokenInfo =
    settings.tokenInfoUrl === null
      ? null
      : createTokenInfo({
          url: settings.tokenInfoUrl,
          timeoutMs: TOKEN_INFO_TIMEOUT_MS,
          maxEntries: settings.estimateEntries,
          onFailure: () => metrics.upstreamErrors.inc({ stage: 'token info' }),
        });
  return async (asker) => {
    const { token } = credentialOf(asker.headers['authorization']);
    if (token === null) return null;
    return subjectOfSelfSignedJwt(token) ?? (tokenInfo === null ? null : tokenInfo(token));
  };
}
