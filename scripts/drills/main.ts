import { parseArgs } from 'node:util';
import { build } from '../build.js';
import { disk } from './disk.ts';
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
import type { Report } from './report.ts';

/**
 * `npm run drill -- NAME… [--times N]`: tries from outside what the product must withstand, on the built server, a real Postgres and real
 * processes, and says what was lost, doubled or left hanging. Ends with 1 when a promise was broken.
 */
const drills: Readonly<Record<string, (options: { times?: number }) => Promise<Report>>> = {
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
};

const { values, positionals } = parseArgs({ options: { times: { type: 'string' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !(name in drills));
if (unknown.length > 0 || positionals.length === 0) {
  console.error(`usage: npm run drill -- NAME… [--times N]; there are ${Object.keys(drills).join(', ')}`);
  process.exit(2);
}
if ((await build()) !== 0) process.exit(1);

let isBroken = false;
for (const name of positionals) {
  const began = Date.now();
  const report = await drills[name]!(values.times === undefined ? {} : { times: Number(values.times) });
  console.log(`\n${name} (${Math.round((Date.now() - began) / 1000)} s)`);
  for (const [figure, value] of Object.entries(report.figures)) console.log(`  ${figure}: ${value}`);
  for (const sentence of report.broken) console.log(`  BROKEN: ${sentence}`);
  if (report.broken.length === 0) console.log('  held');
  isBroken ||= report.broken.length > 0;
}
process.exit(isBroken ? 1 : 0);
