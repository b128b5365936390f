import { parseArgs } from 'node:util';
import { build } from '../build.js';
import { carryOut, drillFlags, readOptions } from './carry-out.ts';
import type { Drill } from './carry-out.ts';
import { disk } from './disk.ts';
import { family } from './family.ts';
import { fifteen } from './fifteen.ts';
import { killed } from './killed.ts';
import { namespaces } from './namespaces.ts';
import { network } from './network.ts';
import { postgres } from './postgres.ts';
import { refused } from './refused.ts';
import { roles } from './roles.ts';
import { rolling } from './rolling.ts';
import { stalled } from './stalled.ts';
import { starts } from './starts.ts';
import { tenants } from './tenants.ts';

/**
 * `npm run drill -- NAME… [--times N] [--on fifteen]`: tries from outside what the product must withstand, on the built server, a real Postgres and real
 * processes, and says what was lost, doubled or left hanging. Ends with 1 when a promise was broken.
 */
const drills: Readonly<Record<string, Drill>> = {
  starts,
  killed,
  postgres,
  network,
  namespaces,
  stalled,
  refused,
  disk,
  rolling,
  roles,
  fifteen,
  tenants,
  family,
};

/** They try what is done with the embedded Postgres itself, or bring their own. */
const embeddedOnly: ReadonlySet<string> = new Set(['starts', 'disk', 'fifteen']);

const { values, positionals } = parseArgs({ options: drillFlags, allowPositionals: true });
const options = readOptions(values);
const unknown = positionals.filter((name) => !(name in drills));
const elsewhere = values.on === 'embedded' ? [] : positionals.filter((name) => embeddedOnly.has(name));
if (typeof options === 'string' || unknown.length > 0 || elsewhere.length > 0 || positionals.length === 0) {
  if (typeof options === 'string') console.error(options);
  if (elsewhere.length > 0) console.error(`${elsewhere.join(', ')} cannot stand on another Postgres.`);
  console.error(
    `usage: npm run drill -- NAME… [--times N] [--on fifteen]; there are ${Object.keys(drills).join(', ')}`,
  );
  process.exit(2);
}
if ((await build()) !== 0) process.exit(1);

const isKept = await carryOut(
  positionals.map((name) => [name, drills[name]!]),
  options,
);
process.exit(isKept ? 0 : 1);
