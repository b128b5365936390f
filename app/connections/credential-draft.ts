import { hostsBeyond } from '../../flow/document/credential-hosts.ts';
import {
  credentialFields,
  credentialHost,
  credentialName,
  credentialTypes,
  shortestSecret,
} from '../../flow/document/credential.ts';
import type { CredentialFieldLabel, CredentialTypeName } from '../../flow/document/credential.ts';
import { misfitWords } from '../../flow/document/misfit-words.ts';
import { quote } from '../../flow/document/quote.ts';
import type { CredentialDraft } from '../api/credentials.ts';

/** What stands in the form, as it is typed. */
export interface Typed {
  readonly name: string;
  readonly type: CredentialTypeName;
  readonly values: Readonly<Record<string, string>>;
  /** Hosts with commas or spaces between them. */
  readonly hosts: string;
}

/** What is sent of a form; without fields the secret stays as it is. */
export type Sent = Omit<CredentialDraft, 'fields'> & Partial<Pick<CredentialDraft, 'fields'>>;

/** A draft that may be sent, or what is wrong by field; `fields` is what is wrong with them together. */
export type Judged =
  | { readonly ok: true; readonly draft: Sent }
  | { readonly ok: false; readonly wrong: Readonly<Record<string, string>> };

/**
 * Judges a form by the schemas that the server judges it by. Fields left empty are not sent. Of one that is there the secret may be left as it is, unless it
 * is to be sent to hosts that it was not sent to so far.
 */
export function judge({ name, type, values, hosts }: Typed, there?: { readonly hosts: readonly string[] }): Judged {
  const wrong: Record<string, string> = {};
  const named = credentialName.safeParse(name);
  if (!named.success) wrong['name'] = name.trim() === '' ? 'Enter a name.' : sentence(named.error.issues[0]);
  const given = credentialFields(type).flatMap((field) => {
    const value = values[field.name] ?? '';
    return value === '' ? [] : [[field.name, value] as const];
  });
  const fields = credentialTypes[type].fields.safeParse(Object.fromEntries(given));
  const staysAsIs = there !== undefined && given.length === 0;
  if (!fields.success && !staysAsIs)
    for (const misfit of fields.error.issues)
      wrong[`field ${String(misfit.path[0] ?? '')}`] ??=
        misfit.path.length === 0 ? oneOf(type) : misfit.code === 'invalid_type' ? 'Enter a value.' : sentence(misfit);
  const list = hosts.split(/[\s,]+/).filter((host) => host !== '');
  const parsed = list.map((host) => credentialHost.safeParse(host));
  const bad = parsed.findIndex(({ success }) => !success);
  if (bad >= 0)
    wrong['hosts'] = `${quote(list[bad] ?? '')} is not a host. Enter one such as api.example.com or *.example.com.`;
  const wanted = parsed.flatMap(({ data }) => (data === undefined ? [] : [data]));
  if (staysAsIs && bad < 0) {
    const asked = credentialFields(type).find(({ label }) => !label.isPlain)?.name ?? '';
    const words = againWords(there, wanted);
    if (words !== undefined) wrong[`field ${asked}`] = words;
  }
  if (!named.success || Object.keys(wrong).length > 0) return { ok: false, wrong };
  const draft = { name: named.data, type, hosts: wanted };
  return { ok: true, draft: staysAsIs || !fields.success ? draft : { ...draft, fields: fields.data } };
}

/** What is said of a secret that is too short to be told from other text: it is taken all the same. */
export const shortWords = ({ isPlain }: CredentialFieldLabel, value: string): string | undefined =>
  isPlain || value === '' || value.length >= shortestSecret
    ? undefined
    : `Secrets of fewer than ${shortestSecret} characters are not hidden where services send them back.`;

/** Why the secret of one that is there must be entered again; undefined when it need not be. */
function againWords(there: { readonly hosts: readonly string[] }, wanted: readonly string[]): string | undefined {
  const beyond = hostsBeyond(there.hosts, wanted);
  if (beyond.length === 0) return undefined;
  return `Enter it again: so far it is not sent to ${beyond.slice(0, 3).join(', ')}.`;
}

/** What fields must be together is told by the words that stand over them. */
const oneOf = (type: CredentialTypeName) =>
  `Fill in exactly one of these: ${credentialFields(type)
    .map(({ label }) => label.title)
    .join(', ')}.`;

const sentence = (misfit?: Parameters<typeof misfitWords>[0]) => `It ${misfit ? misfitWords(misfit) : 'does not fit'}.`;
