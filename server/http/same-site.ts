import { isIP } from 'node:net';
import { Refusal } from './refusal.ts';

/** What of a request says where it comes from. */
export interface Sender {
  readonly method: string;
  readonly origin: string | undefined;
  readonly host: string | undefined;
  readonly fetchSite: string | undefined;
  readonly contentType: string | undefined;
}

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses changes that another site's page may have sent with a person's cookie (SAFETY 4.3, CSRF): they need our own `Origin`, and JSON,
 * which a form cannot send. `hasCookie` false stands for logins and setup, where programs without an `Origin` are welcome.
 */
export function refuseForeign(sender: Sender, ownOrigin: string, hasCookie: boolean): void {
  if (reading.has(sender.method)) return;
  const isForeign = sender.origin === undefined ? hasCookie : !isOwn(sender.origin, sender.host, ownOrigin);
  if (isForeign || sender.fetchSite === 'cross-site') {
    throw new Refusal(403, 'foreign-origin', 'This request comes from another site.', {
      mend: 'Open Heddle under its own address; for programs, use an API key.',
    });
  }
  if (sender.method !== 'DELETE' && !/^application\/json\s*(;|$)/i.test(sender.contentType ?? '')) {
    throw new Refusal(415, 'content-type', 'This takes application/json only.');
  }
}

/**
 * Ours is the configured address, and the address that was called when it is this machine's or a bare IP address: a name may have been
 * pointed at us by somebody else (DNS rebinding), a number may not.
 */
function isOwn(origin: string, host: string | undefined, ownOrigin: string): boolean {
  if (origin === ownOrigin) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  const name = url.hostname.replace(/^\[|\]$/g, '');
  return url.host === host && (name === 'localhost' || isIP(name) > 0);
}
