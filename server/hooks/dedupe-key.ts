import type { IncomingHttpHeaders } from 'node:http';
import { KeyFailed, shortKey, valueOver } from '../triggers/value-over.ts';
import type { Checked } from './check-caller.ts';
import type { CallItem } from './read-call.ts';

/** A call, and when and by whom it is looked at. */
export interface Delivery {
  readonly item: CallItem;
  readonly headers: IncomingHttpHeaders;
  readonly checked: Checked;
  readonly zone: string;
  readonly now: number;
}

/**
 * What makes two calls the same: what the author said, else the sender's own key, else the signature of a signed and dated call. Where a copy can
 * be told by the signature, the other two count only when they are signed, or follow from what is: whoever caught a call could
 * write another key beside it and start a second run. Without a time in what is signed nothing tells a copy from the same thing
 * happening twice, and the keys still keep a sender's own repeats apart. Throws `KeyFailed` when the author's cannot be worked out.
 */
export function dedupeKeyOf(template: string | undefined, delivery: Delivery): string | undefined {
  const { item, headers, checked, zone, now } = delivery;
  const { once, signs } = checked;
  const own = template && valueOver('dedupeKey', template, item, { zone, now });
  const sent = headers['idempotency-key'];
  const isSent = typeof sent === 'string' && sent !== '';
  if (once === undefined) {
    if (own) return shortKey(`key ${own}`);
    return isSent ? shortKey(`sent ${sent}`) : undefined;
  }
  if (own && own === signedValue(template, delivery)) return shortKey(`key ${own}`);
  if (isSent && signs?.headers.includes('idempotency-key')) return shortKey(`sent ${sent}`);
  return shortKey(once);
}

/** The key by what was signed alone; undefined also where it cannot be worked out of that. */
function signedValue(template: string, { item, checked: { signs }, zone, now }: Delivery): string | undefined {
  try {
    return valueOver('dedupeKey', template, signedPart(item, signs), { zone, now });
  } catch (error) {
    if (error instanceof KeyFailed) return undefined;
    throw error;
  }
}

/** What of a call nobody but the signer can have written. */
const signedPart = ({ headers, body }: CallItem, signs: Checked['signs']) => ({
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => signs?.headers.includes(name))),
  ...(signs?.body ? { body } : {}),
});
