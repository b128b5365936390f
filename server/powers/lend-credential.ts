import { coversHost } from '../../flow/document/credential-hosts.ts';
import { credentialFields } from '../../flow/document/credential.ts';
import { quote } from '../../flow/document/quote.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { OpenCredential } from '../credentials/store.ts';

/** What a credential adds to a request. */
export interface Applied {
  /** The address as it is sent: with the credential in its query where that is its kind. */
  readonly url: string;
  readonly secretHeaders: Readonly<Record<string, string>>;
}

/** Puts a credential on a request to an address. Throws faults that are known not done: `credential.denied`, `credential.unfit`. */
export function applyCredential(credential: OpenCredential, url: string): Applied {
  const target = URL.parse(url);
  // What is no address is refused by the client, in its own words.
  if (!target) return { url, secretHeaders: {} };
  if (!mayBeLentTo(credential.hosts, target)) throw wrongHost(credential, target);
  const fields = credential.fields();
  const field = (name: string) => fields[name] ?? '';
  switch (credential.type) {
    case 'header':
      return { url, secretHeaders: { [field('name').toLowerCase()]: field('value') } };
    case 'bearer':
      return { url, secretHeaders: { authorization: `Bearer ${field('token')}` } };
    case 'basic':
      return { url, secretHeaders: { authorization: `Basic ${pairOf(fields).toString('base64')}` } };
    case 'query':
      return { url: withQuery(url, field('name'), field('value')), secretHeaders: {} };
    case 'hmac':
    case 'jwt':
      throw new Fault('credential.unfit', `The connection ${quote(credential.name)} only checks callers of webhooks.`, {
        mend: 'Choose a connection for requests: a header, a bearer token, or a name and password.',
        done: 'no',
      });
  }
}

const pairOf = ({ username = '', password = '' }: Readonly<Record<string, string>>) =>
  Buffer.from(`${username}:${password}`, 'utf8');

/** The author's address is left as it is written; the pair goes behind its query, before a fragment. */
function withQuery(url: string, name: string, value: string): string {
  const [, address = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(url) ?? [];
  const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  return `${address}${address.includes('?') ? '&' : '?'}${pair}${fragment}`;
}

function mayBeLentTo(hosts: readonly string[], { host, port, protocol }: URL): boolean {
  const whole = port === '' ? `${host}:${protocol === 'https:' ? 443 : 80}` : host;
  return hosts.length === 0 || hosts.some((rule) => coversHost(rule, whole));
}

const wrongHost = ({ name, hosts }: OpenCredential, { host }: URL) =>
  new Fault(
    'credential.denied',
    `The connection ${quote(name)} may not be used for ${quote(host)}; it is for ${hosts.slice(0, 5).join(', ')}.`,
    { mend: 'Call a host that it names, or add the host to the connection.', done: 'no' },
  );

/**
 * What of a credential must not come back from the far side: its secret fields, name and password together, and the token of a header that
 * begins with a scheme (`Token abc…`). One that cannot be opened was not sent either.
 */
export function secretsOf(credential: OpenCredential): string[] {
  const fields = opened(credential);
  const secret = credentialFields(credential.type).flatMap(({ name, label }) =>
    label.isPlain || fields[name] === undefined ? [] : [fields[name]],
  );
  const token = credential.type === 'header' ? /^\S+ (\S+)$/.exec(fields['value'] ?? '')?.[1] : undefined;
  return [
    ...secret,
    ...(token === undefined ? [] : [token]),
    ...(credential.type === 'basic' && secret.length > 0 ? [pairOf(fields).toString('utf8')] : []),
  ];
}

function opened(credential: OpenCredential): Readonly<Record<string, string>> {
  try {
    return credential.fields();
  } catch {
    return {};
  }
}
