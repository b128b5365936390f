import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOpenAddress } from '../../flow/document/open-address.ts';
import { refuseAtOnce } from './first-look.ts';

/**
 * Where webhooks have an address of their own, they answer there alone and nothing else does: what people's workflows write is never of one origin
 * with the screens. By the `Host` that the request names, so a proxy in front hands it on as it came. Answers what came to the wrong one itself.
 */
export function addressGuard(
  hooksUrl: string | undefined,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  if (hooksUrl === undefined) return () => true;
  const { host, protocol } = new URL(hooksUrl);
  const isHooks = (given: string | undefined) =>
    given !== undefined && (given === host || URL.parse(`${protocol}//${given}`)?.host === host);
  return ({ url = '', headers }, response) => {
    const isOpen = isOpenAddress(url.split('?', 1)[0] ?? '');
    if (isHooks(headers.host) === isOpen) return true;
    const message = isOpen ? `Webhooks, forms and links answer at ${hooksUrl}.` : 'There is nothing at this address.';
    refuseAtOnce(
      response,
      404,
      { code: 'not-found', message },
      { 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' },
    );
    return false;
  };
}
