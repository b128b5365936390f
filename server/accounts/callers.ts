import { and, asc, eq, isNull, or, sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import { anonymous } from '../http/caller.ts';
import type { Caller } from '../http/caller.ts';
import type { IdentifiableRequest } from '../http/door.ts';
import type { Auth } from './auth.ts';
import type { Orm } from './database.ts';
import { apiKeys, members, workspaces } from './tables.ts';
import { hashToken } from './tokens.ts';

/** Turns cookies and keys into callers. */
export interface Callers {
  identify(request: IdentifiableRequest): Promise<Caller>;
  /** Who a request's cookie or key was within `latelyMs`, as it was found then; asks nobody. */
  lately(request: IdentifiableRequest): Caller | undefined;
  /** Forgets what it remembers: called after every change of rights in this process; others follow within `keepMs`. */
  forget(): void;
}

const mostRemembered = 5_000;
/** For so long a cookie or key that held is looked up before others from its place; nothing is granted by that. */
const latelyMs = 15 * 60_000;
const lastUsedEveryMs = 60_000;

/**
 * The one place where a request becomes a caller. Answers are remembered for `keepMs` (2 s), so that revoking a key, a session or a role acts
 * within 5 s in every process. A key wins over a cookie; a key that does not hold makes nobody, whatever cookie comes with it.
 */
export function openCallers(options: {
  orm: Orm;
  auth: Pick<Auth, 'findSession' | 'cookieName'>;
  keepMs?: number;
  now?: () => number;
}): Callers {
  const { orm, auth, keepMs = 2_000, now = Date.now } = options;
  const known = new LRUCache<string, { caller: Promise<Caller>; until: number }>({ max: mostRemembered });
  // Only what held gets in, so that whoever makes up keys pushes nobody out.
  const held = new LRUCache<string, { caller: Caller; until: number }>({ max: mostRemembered });
  const remember = (proof: string, wanted: string, find: () => Promise<Caller>): Promise<Caller> => {
    const name = `${proof} ${wanted}`;
    const found = known.get(name);
    if (found && found.until > now()) return found.caller;
    const caller = find();
    known.set(name, { caller, until: now() + keepMs });
    const drop = () => void (known.get(name)?.caller === caller && known.delete(name));
    caller.then((one) => {
      if (one.kind !== 'anonymous') return void held.set(proof, { caller: one, until: now() + latelyMs });
      held.delete(proof);
      drop();
    }, drop);
    return caller;
  };
  return {
    identify: async ({ headers, workspace }) => {
      const sent = sentIn(headers, auth.cookieName);
      if (!sent) return anonymous;
      const { text } = sent;
      if (sent.is === 'key') return remember(proofOf(sent), '', () => findKey(orm, text, now()));
      const wanted = oneOf(headers['heddle-workspace']) ?? workspace;
      return remember(proofOf(sent), wanted ?? '', () => findPerson(orm, auth, text, wanted));
    },
    lately: ({ headers }) => {
      const sent = sentIn(headers, auth.cookieName);
      const found = sent && held.get(proofOf(sent));
      return found && found.until > now() ? found.caller : undefined;
    },
    forget: () => {
      known.clear();
      held.clear();
    },
  };
}

/** What a request proves its sender with. */
interface Sent {
  readonly is: 'key' | 'cookie';
  readonly text: string;
}

function sentIn(headers: IdentifiableRequest['headers'], cookieName: string): Sent | undefined {
  const key = keyIn(headers['authorization']);
  if (key) return { is: 'key', text: key };
  const cookie = cookieIn(headers['cookie'], cookieName);
  return cookie ? { is: 'cookie', text: cookie } : undefined;
}

const proofOf = ({ is, text }: Sent): string => `${is} ${hashToken(text)}`;

/** Only our own keys: other bearer tokens are for webhooks to look at. */
function keyIn(header: string | string[] | undefined): string | undefined {
  return /^Bearer +(hk_[\w-]{43})$/i.exec(oneOf(header) ?? '')?.[1];
}

/** The session's cookie as `name=value`, without the others that came with it. */
function cookieIn(header: string | string[] | undefined, name: string): string | undefined {
  const cookies = (oneOf(header) ?? '').split(/; */);
  return cookies.find((cookie) => cookie.startsWith(`${name}=`));
}

const oneOf = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

async function findKey(orm: Orm, key: string, now: number): Promise<Caller> {
  const [row] = await orm
    .select({ id: apiKeys.id, workspace: apiKeys.workspace, role: apiKeys.role, lastUsedAt: apiKeys.lastUsedAt })
    .from(apiKeys)
    .where(and(eq(apiKeys.keyHash, hashToken(key)), isNull(apiKeys.revokedAt)));
  if (!row) return anonymous;
  if (!row.lastUsedAt || now - row.lastUsedAt.getTime() > lastUsedEveryMs) {
    await orm
      .update(apiKeys)
      .set({ lastUsedAt: sql`now()` })
      .where(eq(apiKeys.id, row.id));
  }
  return { kind: 'key', keyId: row.id, workspace: row.workspace, role: row.role };
}

async function findPerson(
  orm: Orm,
  auth: Pick<Auth, 'findSession'>,
  cookie: string,
  wanted: string | undefined,
): Promise<Caller> {
  const session = await auth.findSession(cookie);
  if (!session) return anonymous;
  const { userId } = session;
  const [row] = await orm
    .select({ workspace: members.workspace, role: members.role })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.id, members.workspace))
    .where(
      and(eq(members.userId, userId), wanted ? or(eq(workspaces.id, wanted), eq(workspaces.slug, wanted)) : undefined),
    )
    .orderBy(asc(members.createdAt), asc(members.workspace))
    .limit(1);
  if (!row) return { kind: 'user', userId, workspace: undefined, role: undefined };
  return { kind: 'user', userId, workspace: row.workspace, role: row.role };
}
