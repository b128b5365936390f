const ports: Record<string, string> = { 'http:': '80', 'https:': '443' };
const shape = /^(\[[\da-f:.]+\]|[^\s:/[\]@]+):(\d{1,5})$/i;

/** The `host:port` that somebody means who writes one, or a whole address; undefined when no port can be made out. */
export function pairOf(text: string): string | undefined {
  const typed = text.trim().toLowerCase();
  if (typed.startsWith('http://') || typed.startsWith('https://')) {
    const url = URL.parse(typed);
    return url ? `${url.hostname}:${url.port || ports[url.protocol]}` : undefined;
  }
  const [, host, port] = shape.exec(typed.replace(/\/$/, '')) ?? [];
  return host && Number(port) > 0 && Number(port) < 65_536 ? `${host}:${Number(port)}` : undefined;
}
