import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import type { AccessSettings } from '../../settings/access.ts';
import { createPseudonyms, type Pseudonym } from '../redaction/pseudonyms.ts';
import { createAddressLookup } from './address-lookup.ts';
import { cookieValues, SESSION_COOKIE } from './cookies.ts';
import { createIapVerifier, type IapVerifier } from './iap.ts';
import { roleOfAddress } from './identity.ts';
import { isOwnHost } from './origin.ts';
import { createProxies, isForwarded } from './proxies.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { bearerToken, createTokens, type Tokens } from './tokens.ts';
import { type Identification, ROLES, type Role, type Visitor } from './visitor.ts';

/** Who may see and do what at the operators' port, according to the settings. */
export interface Access {
  /**
   * Who asks, by the first of these that says so: token, session, identity; then nothing at all. Null for somebody who
   * may not come in.
   */
  identify(request: IncomingMessage): Promise<Identification | null>;
  /** Who holds this token, and the session that it opens; null if nobody does. */
  signIn(token: string): { readonly holder: Visitor; readonly session: string } | null;
  /** Ends the session that comes with a request. */
  signOut(request: IncomingMessage): void;
  /** False if the settings name nobody with this role, or with one that includes it. */
  hasAnyHolder(role: Role): boolean;
  /** True if the browser came over TLS, either directly or as reported by a trusted proxy. */
  isOverTls(request: IncomingMessage): boolean;
  readonly pseudonymOf: Pseudonym;
}

/** Access according to the settings. @param verifyIap null if assertions of Identity-Aware Proxy are not used */
export function createAccess(
  settings: AccessSettings,
  log: Logger,
  verifyIap: IapVerifier | null = settings.iapAudience === null
    ? null
    : createIapVerifier(settings.iapAudience),
): Access {
  const tokens = createTokens(settings.tokens);
  const sessions = createSessions(tokens);
  const proxies = createProxies(settings.trustedProxies);
  const lookUpAddress = createAddressLookup(settings, proxies, verifyIap, log);

  return {
    async identify(request) {
      const holder = holderOfToken(request, tokens);
      if (holder !== null) return { visitor: holder, by: 'token' };
      const signedIn = holderOfSession(request, sessions);
      if (signedIn !== null) return { visitor: signedIn, by: 'session' };
      const address = await lookUpAddress(request);
      return (
        (address === null ? null : identifiedByAddress(address, settings)) ?? anonymous(request, settings)
      );
    },
    signIn(token) {
      const holder = tokens.holderOf(token);
      const session = holder === null ? null : sessions.open(holder, Date.now());
      return holder === null || session === null ? null : { holder, session };
    },
    signOut({ headers }) {
      for (const value of cookieValues(headers.cookie, SESSION_COOKIE)) sessions.end(value, Date.now());
    },
    hasAnyHolder: (role) => hasAnyHolder(role, settings),
    isOverTls(request) {
      if (request.socket instanceof TLSSocket) return true;
      return proxies.isSenderOf(request) && request.headers['x-forwarded-proto'] === 'https';
    },
    pseudonymOf: createPseudonyms(settings),
  };
}

function holderOfToken({ headers }: IncomingMessage, tokens: Tokens): Visitor | null {
  const token = bearerToken(headers.authorization);
  return token === null ? null : tokens.holderOf(token);
}

function holderOfSession({ headers }: IncomingMessage, sessions: Sessions): Visitor | null {
  const values = cookieValues(headers.cookie, SESSION_COOKIE);
  return (
    values.map((value) => sessions.holderOf(value, Date.now())).find((holder) => holder !== null) ?? null
  );
}

/** An address with no role of its own has the role of visitors about whom nothing is known. */
function identifiedByAddress(name: string, { people, anonymousRole }: AccessSettings): Identification | null {
  const role = roleOfAddress(name, people) ?? anonymousRole;
  return role === null ? null : { visitor: { name, role }, by: 'identity' };
}

function anonymous({ headers }: IncomingMessage, settings: AccessSettings): Identification | null {
  const { anonymousRole: role, isAnonymousRoleExplicit, hosts } = settings;
  // The default role is for whoever sits at this machine. A request forwarded by a proxy may come from anywhere.
  if (!isAnonymousRoleExplicit && isForwarded(headers)) return null;
  const { host } = headers;
  return role !== null && isOwnHost(host, hosts) ? { visitor: { name: null, role }, by: 'nothing' } : null;
}

function hasAnyHolder(role: Role, { tokens, people, anonymousRole }: AccessSettings): boolean {
  const sufficientRoles = ROLES.slice(ROLES.indexOf(role));
  return sufficientRoles.some(
    (each) => tokens[each].size > 0 || people[each].length > 0 || anonymousRole === each,
  );
}
