import type { Orm } from './database.ts';
import { HashQueue } from './hash-queue.ts';

/** A provider as logins use it, its secret open. */
export interface OpenProvider {
  readonly id: string;
  readonly domain: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly endpoints: {
    readonly authorization: string;
    readonly token: string;
    readonly jwks: string;
    readonly userInfo?: string | undefined;
  };
}

/** Who sends a request, as far as logins look at it. */
export interface Sent {
  readonly cookie: string | undefined;
  readonly userAgent: string | undefined;
  readonly ip: string;
  /** The person whose browser it is known to be, by its device cookie. */
  readonly knownAs?: string | undefined;
}

/**
 * Sessions, passwords and OIDC, whoever does them. Cookies are whole `Set-Cookie` lines to be passed on. What hashes a password waits for its
 * turn in the process, and is refused (429) when too many wait.
 */
export interface Auth {
  /** The name of the session's cookie. */
  readonly cookieName: string;
  hashPassword(password: string, ip: string): Promise<string>;
  /** Undefined when address and password do not belong together; takes as long for an address that nobody has. */
  logIn(email: string, password: string, sent: Sent): Promise<{ cookies: string[] } | undefined>;
  logOut(sent: Sent): Promise<{ cookies: string[] }>;
  findSession(cookie: string): Promise<{ userId: string } | undefined>;
  /** Ends all other sessions of the person. False when `current` is wrong. */
  changePassword(current: string, next: string, sent: Sent): Promise<{ cookies: string[] } | undefined>;
  startOidc(provider: OpenProvider, sent: Sent, to: string): Promise<{ url: string; cookies: string[] }>;
  /** Follows the provider's answer; `location` is a path of ours, with `?error=` when it was not accepted. */
  finishOidc(
    provider: OpenProvider,
    query: Record<string, string>,
    sent: Sent,
  ): Promise<{ location: string; cookies: string[] }>;
}

export interface AuthOptions {
  readonly orm: Orm;
  readonly secret: string;
  /** The address that people use. */
  readonly url: string;
  /** `host:port` pairs whose providers may be private. */
  readonly allowHosts: readonly string[];
  /** How a provider is asked: the guarded way out. */
  readonly fetch: typeof globalThis.fetch;
  readonly onTrouble: (sentence: string) => void;
  /** A person came by a provider for the first time. */
  readonly onNewPerson: (userId: string, providerId: string) => Promise<void>;
}

/**
 * Sessions and logins by better-auth, loaded when the first person comes: it is a third of all our code, and a server that only carries
 * workflows never asks for it. Idle that is 20 MB of heap and source; a start is 0.4 s shorter (bench, 2 cores).
 */
export function openAuth(options: AuthOptions, load: (options: AuthOptions) => Promise<LoadedAuth> = loadAuth): Auth {
  let made: Promise<LoadedAuth> | undefined;
  const auth = () => (made ??= load(options));
  const hashes = new HashQueue();
  return {
    cookieName: `${cookiePrefix(options.url)}.session_token`,
    hashPassword: (password, ip) => hashes.run({ ip }, async () => (await auth()).hashPassword(password, ip)),
    logIn: (email, password, sent) => hashes.run(sent, async () => (await auth()).logIn(email, password, sent)),
    logOut: async (...given) => (await auth()).logOut(...given),
    findSession: async (...given) => (await auth()).findSession(...given),
    changePassword: (current, next, sent) =>
      hashes.run(sent, async () => (await auth()).changePassword(current, next, sent)),
    startOidc: async (...given) => (await auth()).startOidc(...given),
    finishOidc: async (...given) => (await auth()).finishOidc(...given),
  };
}

/** All that needs the library. */
export type LoadedAuth = Omit<Auth, 'cookieName'>;

const loadAuth = async (options: AuthOptions) => (await import('./better-auth.ts')).openBetterAuth(options);

/** What the names of all our cookies begin with. */
export const cookiePrefix = (url: string) => (url.startsWith('https:') ? '__Host-heddle' : 'heddle');
