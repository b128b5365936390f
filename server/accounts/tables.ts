import { boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { roles } from '../../flow/contract/account.ts';

/** The tenants. `slug` is in addresses (`/hooks/<slug>/…`), `id` is what every other table's `workspace_id` holds. */
export const workspaces = pgTable('workspaces', {
  id: text().primaryKey(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  settings: jsonb().notNull().default({}),
  /** The person who made it; null of the first one, and of those that came before this was kept. */
  createdBy: text(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

const at = () => timestamp({ withTimezone: true });
const role = () => text({ enum: roles }).notNull();

// The four tables of better-auth, under our names; its adapter finds columns by these property names.

/** People. `email` is lower case. */
export const users = pgTable('users', {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  createdAt: at().notNull().defaultNow(),
  updatedAt: at().notNull().defaultNow(),
});

/** Who is logged in, by the cookie's token. */
export const sessions = pgTable(
  'sessions',
  {
    id: text().primaryKey(),
    expiresAt: at().notNull(),
    token: text().notNull().unique(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
    ipAddress: text(),
    userAgent: text(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [index('sessions_by_user').on(t.userId)],
);

/** The ways a person logs in: a password (`credential`) or an OIDC provider. */
export const logins = pgTable(
  'logins',
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: at(),
    refreshTokenExpiresAt: at(),
    scope: text(),
    password: text(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [uniqueIndex('logins_by_provider').on(t.providerId, t.accountId), index('logins_by_user').on(t.userId)],
);

/** What better-auth keeps for a while; the state of logins under way is in cookies. */
export const verifications = pgTable(
  'verifications',
  {
    id: text().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: at().notNull(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [index('verifications_by_identifier').on(t.identifier)],
);

// Who a caller is must be known before the workspace is: these are read across workspaces, so their column is not named
// `workspace_id`, which row-level security would fence. Every function of the room takes the workspace first instead.

const workspace = () =>
  text()
    .notNull()
    .references(() => workspaces.id, { onDelete: 'cascade' });

/** Who belongs to which workspace, as what. */
export const members = pgTable(
  'members',
  {
    workspace: workspace(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: role(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.workspace, t.userId] }), index('members_by_user').on(t.userId)],
);

/** An invitation: whoever has the token and is (or becomes) the person of `email` joins, once. */
export const invites = pgTable(
  'invites',
  {
    id: text().primaryKey(),
    workspace: workspace(),
    email: text().notNull(),
    role: role(),
    tokenHash: text().notNull().unique(),
    invitedBy: text(),
    createdAt: at().notNull().defaultNow(),
    expiresAt: at().notNull(),
    acceptedAt: at(),
    revokedAt: at(),
  },
  (t) => [index('invites_by_workspace').on(t.workspace)],
);

/** Keys of other programs; the key itself is kept nowhere. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text().primaryKey(),
    workspace: workspace(),
    name: text().notNull(),
    role: role(),
    keyHash: text().notNull().unique(),
    prefix: text().notNull(),
    createdBy: text(),
    createdAt: at().notNull().defaultNow(),
    lastUsedAt: at(),
    revokedAt: at(),
  },
  (t) => [index('api_keys_by_workspace').on(t.workspace)],
);

/** OIDC providers whose people may log in; new ones join `workspace` as `role`. `sealedSecret` is AES-256-GCM under the installation's key. */
export const oidcProviders = pgTable('oidc_providers', {
  id: text().primaryKey(),
  workspace: workspace(),
  name: text().notNull(),
  domain: text().notNull(),
  role: role(),
  issuer: text().notNull(),
  clientId: text().notNull(),
  sealedSecret: text().notNull(),
  endpoints: jsonb().notNull(),
  createdAt: at().notNull().defaultNow(),
});

/** How often something was tried in its window: logins, by address and by person. Shared, so that it holds over all web processes. */
export const attempts = pgTable('attempts', {
  key: text().primaryKey(),
  count: integer().notNull(),
  until: at().notNull(),
});
