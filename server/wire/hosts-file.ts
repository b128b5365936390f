import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import type { Address } from './dial.ts';

/** Where an operating system keeps names of its own. */
const usualFile =
  process.platform === 'win32'
    ? path.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
    : '/etc/hosts';

const looksMs = 5_000;
const none: ReadonlyMap<string, readonly Address[]> = new Map();

/** Gives the addresses of a name in the file of the machine's own names; none when it is not there. The file is looked at each 5 s, and read when it has changed. */
export function openHostsFile(now: () => number, file = usualFile): (name: string) => Promise<readonly Address[]> {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let mark = '';
  let reading = Promise.resolve(none);
  const read = async (known: Promise<typeof none>) => {
    const found = await stat(file).catch(() => undefined);
    const seen = found ? `${found.mtimeMs} ${found.size}` : '';
    if (seen === mark) return known;
    mark = seen;
    return found ? parseHosts(await readFile(file, 'utf8').catch(() => '')) : none;
  };
  return async (name) => {
    if (now() - lookedAt >= looksMs) {
      lookedAt = now();
      reading = read(reading);
    }
    return (await reading).get(name) ?? [];
  };
}

/** `127.0.0.1 localhost loopback # a word`, a line each; a name may have several lines. */
export function parseHosts(text: string): ReadonlyMap<string, readonly Address[]> {
  const hosts = new Map<string, Address[]>();
  for (const line of text.split('\n')) {
    const [first = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const address = first.replace(/%.*$/, '');
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names) {
      const lower = name.toLowerCase();
      hosts.set(lower, [...(hosts.get(lower) ?? []), { address, family }]);
    }
  }
  return hosts;
}
