import { sql } from 'drizzle-orm';
import type { Identify, Lately } from '../http/door.ts';
import { openAuth } from './auth.ts';
import type { Auth } from './auth.ts';
import { openCallers } from './callers.ts';
import type { Orm } from './database.ts';
import { openDevices } from './devices.ts';
import type { Devices } from './devices.ts';
import { joinByProvider } from './oidc.ts';
import type { FetchJson } from './oidc.ts';
import { Email } from './people.ts';
import { openSecret } from './secret.ts';
import type { Secret } from './secret.ts';
import { needsSetup, setUp } from './setup.ts';

/** What the room's routes and procedures share. */
export interface Accounts {
  readonly orm: Orm;
  readonly auth: Auth;
  readonly secret: Secret;
  readonly devices: Devices;
  readonly url: string;
  /** How many workspaces one person may make. */
  readonly workspacesMost: number;
  readonly fetchJson: FetchJson;
  /** Turns a cookie or key into a caller: for the door of server/http. */
  readonly identify: Identify;
  readonly lately: Lately;
  /** To be called after every change of rights. */
  forget(): void;
  /** Throws when the database cannot answer, or has not been brought up to accounts. */
  ready(): Promise<void>;
}

export interface AccountsOptions {
  readonly orm: Orm;
  readonly config: {
    readonly home: string;
    readonly url: string;
    readonly masterKey: string | undefined;
    readonly allowHosts: readonly string[];
    readonly workspaces: number;
    readonly admin: { readonly email: string; readonly password: string } | undefined;
  };
  readonly fetchJson: FetchJson;
  /** The guarded way out, for logins by a provider. */
  readonly fetch: typeof globalThis.fetch;
  readonly log: { warn(fields: object, sentence: string): void; info(fields: object, sentence: string): void };
}

/** Opens the room: makes the installation's secret when there is none, and the owner when HEDDLE_ADMIN_* names one and nobody is. */
export async function openAccounts({ orm, config, fetchJson, fetch, log }: AccountsOptions): Promise<Accounts> {
  const secret = openSecret(config);
  const auth = openAuth({
    orm,
    secret: secret.forSessions,
    url: config.url,
    allowHosts: config.allowHosts,
    fetch,
    onTrouble: (sentence) => log.warn({ what: sentence }, 'a login met trouble'),
    onNewPerson: (userId, providerId) => joinByProvider(orm, userId, providerId),
  });
  const callers = openCallers({ orm, auth });
  if (config.admin) await makeAdmin(orm, auth, config.admin, log);
  return {
    orm,
    auth,
    secret,
    devices: openDevices({ secret: secret.forSessions, url: config.url }),
    url: config.url,
    workspacesMost: config.workspaces,
    fetchJson,
    identify: callers.identify,
    lately: callers.lately,
    forget: callers.forget,
    ready: async () => void (await orm.execute(sql`select 1 from members limit 1`)),
  };
}

/** Safe at every start and in many processes at once: an installation that has an owner is left alone. */
async function makeAdmin(
  orm: Orm,
  auth: Auth,
  admin: { email: string; password: string },
  log: AccountsOptions['log'],
): Promise<void> {
  if (!(await needsSetup(orm))) return;
  const email = Email.parse(admin.email);
  if (admin.password.length < 8)
    log.warn({}, 'HEDDLE_ADMIN_PASSWORD is short: anybody who reaches this server can guess it');
  try {
    await setUp(orm, auth, {
      email,
      password: admin.password,
      name: email.split('@')[0] ?? email,
      ip: 'configuration',
    });
    log.info({}, 'the owner was made from HEDDLE_ADMIN_EMAIL');
  } catch (error) {
    if (await needsSetup(orm)) throw error;
  }
}
