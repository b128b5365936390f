/** How a machine spells names out that are short. */
export interface SearchDomains {
  /** A name with fewer dots is looked for in the domains first. */
  readonly ndots: number;
  readonly domains: readonly string[];
}

/** Where Unix systems keep it. Others know it themselves, and are asked. */
export const usualResolvConf = '/etc/resolv.conf';

/** From the lines `search a.example b.example`, or `domain a.example`, of which the last counts, and `options ndots:5` (resolv.conf(5)). */
export function parseResolvConf(text: string): SearchDomains {
  let domains: readonly string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [word, ...rest] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (word === 'search') domains = rest;
    if (word === 'domain') domains = rest.slice(0, 1);
    if (word !== 'options') continue;
    for (const option of rest) ndots = Number(/^ndots:(\d{1,2})$/.exec(option)?.[1] ?? ndots);
  }
  return { ndots, domains: domains.map((one) => one.toLowerCase().replace(/\.$/, '')).filter((one) => one !== '') };
}

/** The names that a name may stand for, in the order in which they are asked. */
export function spelledOut(name: string, { ndots, domains }: SearchDomains): string[] {
  const within = domains.map((domain) => `${name}.${domain}`);
  return name.split('.').length > ndots ? [name, ...within] : [...within, name];
}
