import { anyHost } from '../../flow/check/manifest.ts';

/**
 * Whether an address is of a granted host. Both are read by the same reader, so that no spelling stands for two hosts. A host without a port
 * is granted the ports of http and https; `*` grants what the rules of egress let anybody call.
 */
export function hostRule(host: string): (url: URL) => boolean {
  if (host === anyHost) return () => true;
  const granted = URL.parse(`https://${host}`);
  if (!granted) return () => false;
  const port = /:(\d+)$/.exec(host)?.[1];
  return (url) =>
    url.hostname === granted.hostname && (port === undefined ? url.port === '' : portOf(url) === Number(port));
}

const portOf = (url: URL): number => (url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port));
