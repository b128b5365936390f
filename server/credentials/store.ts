import { asc, desc, eq, inArray, sql } from 'drizzle-orm';
import * as z from 'zod';
import { hostsBeyond } from '../../flow/document/credential-hosts.ts';
import type { CredentialTypeName } from '../../flow/document/credential.ts';
import { credentialTypeNames } from '../../flow/document/credential.ts';
import { makeId } from '../accounts/tokens.ts';
import { withWorkspace, withWorkspaceAlone } from '../db/connect.ts';
import type { Database, Transaction } from '../db/connect.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import type { Keyring } from './keyring.ts';
import { keepFormer, readFormer } from './former.ts';
import { inTurn, refuseLong, refuseMany } from './most.ts';
import { credentials } from './tables.ts';

/** The values of a credential, by field. They stay inside the server and leave it only with a request that they are lent to. */
export type Fields = Readonly<Record<string, string>>;

/** A credential as people see it: what it is called, and nothing that it holds. */
export interface CredentialView {
  readonly id: string;
  readonly name: string;
  readonly type: CredentialTypeName;
  readonly hosts: string[];
  /** Which fields are set. */
  readonly fields: string[];
  /** Sealed with a master key that is not here: it cannot be used until the key is back or the secret is entered again. */
  readonly locked: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A credential for those who lend it. */
export interface OpenCredential {
  readonly name: string;
  readonly type: CredentialTypeName;
  readonly hosts: readonly string[];
  /** What it holds. Throws the fault `credential.locked` when the key that sealed it is not here. */
  readonly fields: () => Fields;
}

/** What a credential is made of. */
export interface CredentialDraft {
  readonly name: string;
  readonly type: CredentialTypeName;
  readonly hosts: readonly string[];
  readonly fields: Fields;
}

/** The database and the keys as the room uses them. */
export interface Store {
  readonly database: Pick<Database, 'app'>;
  readonly keyring: Keyring;
}

type Row = typeof credentials.$inferSelect;

/** Makes a credential; 409 `name-taken` when the workspace has one of that name, 422 `connections-full` when it has too many. */
export async function createCredential(
  { database, keyring }: Store,
  workspace: string,
  draft: CredentialDraft,
  by: string,
): Promise<CredentialView> {
  const id = makeId('credential');
  const row = {
    id,
    workspaceId: workspace,
    name: draft.name,
    type: draft.type,
    hosts: [...draft.hosts],
    createdBy: by,
    updatedBy: by,
    ...sealedFields(keyring, { workspace, id }, draft.fields),
  };
  const made = await withWorkspaceAlone(database, workspace, async (tx) => {
    await inTurn(tx, workspace);
    const [inserted] = await tx.insert(credentials).values(row).onConflictDoNothing().returning();
    if (!inserted) return undefined;
    await refuseMany(tx);
    await refuseLong(tx);
    return inserted;
  });
  if (made) return viewOf(keyring, made);
  throw new Refusal(409, 'name-taken', `There is a connection ${draft.name} already.`, {
    mend: 'Choose another name, or replace the secret of that one.',
  });
}

/** The credentials of a workspace by name. */
export async function listCredentials({ database, keyring }: Store, workspace: string): Promise<CredentialView[]> {
  const rows = await withWorkspace(database, workspace, (tx) =>
    tx.select().from(credentials).orderBy(asc(credentials.name)),
  );
  return rows.map((row) => viewOf(keyring, row));
}

/** One credential; 404 for another workspace's. */
export async function readCredential(
  { database, keyring }: Store,
  workspace: string,
  id: string,
): Promise<CredentialView> {
  return viewOf(keyring, await withWorkspace(database, workspace, (tx) => findRow(tx, id)));
}

/**
 * Replaces hosts, fields or both; `fieldsFor` parses new fields by the credential's type. Fields are replaced whole: none can be read back. Hosts that it
 * was not sent to so far are named only by those who know the secret (422 `secret-needed`): whoever edits could else have it sent to a host of his own.
 */
export async function changeCredential(
  { database, keyring }: Store,
  workspace: string,
  id: string,
  wanted: { hosts?: readonly string[] | undefined; fieldsFor?: (type: CredentialTypeName) => Fields; by: string },
): Promise<CredentialView> {
  return withWorkspaceAlone(database, workspace, async (tx) => {
    await inTurn(tx, workspace);
    const row = await findRow(tx, id, { isChanged: true });
    const fields = wanted.fieldsFor?.(typeOf(row));
    const beyond = fields ? [] : hostsBeyond(row.hosts, wanted.hosts ?? row.hosts);
    if (beyond.length > 0) throw secretNeeded(row, beyond);
    if (fields) await keepFormer(tx, row);
    const [changed] = await tx
      .update(credentials)
      .set({
        updatedAt: sql`now()`,
        updatedBy: wanted.by,
        ...(wanted.hosts ? { hosts: [...wanted.hosts] } : {}),
        ...(fields ? sealedFields(keyring, { workspace, id }, fields) : {}),
      })
      .where(eq(credentials.id, id))
      .returning();
    if (!changed) throw notFound('credential');
    // What holds too much already may become less.
    if (changed.sealed.length > row.sealed.length) await refuseLong(tx);
    return viewOf(keyring, changed);
  });
}

/**
 * Takes a credential away for good; what uses it fails with `credential.missing` from then on. What it held is known for a while, so that it is not shown
 * when somebody says it back.
 */
export async function deleteCredential({ database }: Pick<Store, 'database'>, workspace: string, id: string) {
  await withWorkspace(database, workspace, async (tx) => {
    await keepFormer(tx, await findRow(tx, id, { isChanged: true }));
    await tx.delete(credentials).where(eq(credentials.id, id));
  });
}

/** The names of the credentials of the workspace that the transaction acts in, for checks of documents. */
export async function credentialNames(tx: Transaction): Promise<string[]> {
  const rows = await tx.select({ name: credentials.name }).from(credentials);
  return rows.map(({ name }) => name);
}

/** Finds credentials by name, to be opened; a name that the workspace does not have is left out. */
export async function openCredentials(
  { database, keyring }: Store,
  workspace: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, OpenCredential>> {
  if (names.length === 0) return new Map();
  const rows = await withWorkspace(
    database,
    workspace,
    (tx) =>
      tx
        .select()
        .from(credentials)
        .where(inArray(credentials.name, [...names])),
    'run',
  );
  return new Map(rows.map((row) => [row.name, openable(keyring, workspace, row)]));
}

/** All that a workspace's credentials hold, and held lately, to be opened; the latest first. */
export async function openAllCredentials({ database, keyring }: Store, workspace: string): Promise<OpenCredential[]> {
  const read = async (tx: Transaction) => ({
    rows: await tx.select().from(credentials).orderBy(desc(credentials.updatedAt)),
    former: await readFormer(tx),
  });
  const { rows, former } = await withWorkspace(database, workspace, read, 'run');
  const held = former.map((row) => ({ ...row, name: row.id, hosts: [] }));
  return [...rows, ...held].map((row) => openable(keyring, workspace, row));
}

type Openable = Pick<Row, 'id' | 'name' | 'type' | 'hosts' | 'keyId' | 'wrapped' | 'sealed'>;

function openable(keyring: Keyring, workspace: string, row: Openable): OpenCredential {
  let opened: Fields | undefined;
  const fields = () => (opened ??= FieldsShape.parse(JSON.parse(keyring.open(row, { workspace, id: row.id }))));
  return { name: row.name, type: typeOf(row), hosts: row.hosts, fields };
}

const FieldsShape = z.record(z.string(), z.string());
const typeOf = (row: Pick<Row, 'type'>): CredentialTypeName => z.enum(credentialTypeNames).parse(row.type);

function sealedFields(keyring: Keyring, place: { workspace: string; id: string }, fields: Fields) {
  try {
    return { fields: Object.keys(fields).toSorted(), ...keyring.seal(JSON.stringify(fields), place) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(503, 'key-missing', `There is no master key to seal it with: ${why}`, {
      mend: 'Have the operator run npx heddle doctor.',
    });
  }
}

const secretNeeded = ({ name }: Row, beyond: readonly string[]) =>
  new Refusal(422, 'secret-needed', `${name} is not sent to ${beyond.slice(0, 5).join(', ')} so far.`, {
    mend: 'Enter its secret again to have it sent there: send its fields too.',
    details: { hosts: beyond },
  });

/** One that is changed is held, so that two changes at once do not each judge by what was before the other. */
async function findRow(tx: Transaction, id: string, { isChanged = false } = {}): Promise<Row> {
  const found = tx.select().from(credentials).where(eq(credentials.id, id));
  const [row] = await (isChanged ? found.for('update') : found);
  if (!row) throw notFound('credential');
  return row;
}

const viewOf = (keyring: Keyring, row: Row): CredentialView => ({
  id: row.id,
  name: row.name,
  type: typeOf(row),
  hosts: row.hosts,
  fields: row.fields,
  locked: !keyring.opens(row.keyId),
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
