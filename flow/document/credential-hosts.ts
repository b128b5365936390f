/**
 * Whether whatever one rule of hosts lets a credential be sent to, another lets too. `*.example.com` is every host below example.com and not itself; a
 * host without a port stands for every port. A host of an address is such a rule with its port written out.
 */
export function coversHost(rule: string, other: string): boolean {
  const [wide, narrow] = [partsOf(rule), partsOf(other)];
  if (wide.port !== undefined && wide.port !== narrow.port) return false;
  if (!wide.name.startsWith('*.')) return wide.name === narrow.name;
  const below = wide.name.slice(1);
  return narrow.name.endsWith(below) && narrow.name !== below;
}

/** The hosts of a new list to which the old one did not let a credential be sent; a list that names none is every host. */
export function hostsBeyond(old: readonly string[], wanted: readonly string[]): string[] {
  if (old.length === 0) return [];
  if (wanted.length === 0) return ['every host'];
  return wanted.filter((host) => !old.some((rule) => coversHost(rule, host)));
}

function partsOf(rule: string): { name: string; port: string | undefined } {
  const port = /:(\d+)$/.exec(rule)?.[1];
  return { name: port === undefined ? rule : rule.slice(0, -port.length - 1), port };
}
