import { credentialFields, credentialHost, credentialName, credentialTypes } from '../../flow/document/credential.ts';
import type { CredentialTypeName } from '../../flow/document/credential.ts';
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

/** A draft that may be sent, or what is wrong by field; `fields` is what is wrong with them together. */
export type Judged =
  | { readonly ok: true; readonly draft: CredentialDraft }
  | { readonly ok: false; readonly wrong: Readonly<Record<string, string>> };

/** Judges a form by the schemas that the server judges it by. Fields left empty are not sent. */
export function judge({ name, type, values, hosts }: Typed): Judged {
  const wrong: Record<string, string> = {};
  const named = credentialName.safeParse(name);
  if (!named.success) wrong['name'] = name.trim() === '' ? 'Enter a name.' : sentence(named.error.issues[0]);
  const given = credentialFields(type).flatMap((field) => {
    const value = values[field.name] ?? '';
    return value === '' ? [] : [[field.name, value] as const];
  });
  const fields = credentialTypes[type].fields.safeParse(Object.fromEntries(given));
  if (!fields.success)
    for (const misfit of fields.error.issues)
      wrong[`field ${String(misfit.path[0] ?? '')}`] ??=
        misfit.path.length === 0 ? oneOf(type) : misfit.code === 'invalid_type' ? 'Enter a value.' : sentence(misfit);
  const list = hosts.split(/[\s,]+/).filter((host) => host !== '');
  const parsed = list.map((host) => credentialHost.safeParse(host));
  const bad = parsed.findIndex(({ success }) => !success);
  if (bad >= 0)
    wrong['hosts'] = `${quote(list[bad] ?? '')} is not a host. Enter one such as api.example.com or *.example.com.`;
  if (!named.success || !fields.success || bad >= 0) return { ok: false, wrong };
  return {
    ok: true,
    draft: {
      name: named.data,
      type,
      fields: fields.data,
      hosts: parsed.flatMap(({ data }) => (data === undefined ? [] : [data])),
    },
  };
}

/** What fields must be together is told by the words that stand over them. */
const oneOf = (type: CredentialTypeName) =>
  `Fill in exactly one of these: ${credentialFields(type)
    .map(({ label }) => label.title)
    .join(', ')}.`;

const sentence = (misfit?: Parameters<typeof misfitWords>[0]) => `It ${misfit ? misfitWords(misfit) : 'does not fit'}.`;
