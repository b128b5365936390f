import { parseArgs } from 'node:util';
import { build } from '../build.js';
import type { Report } from '../drills/report.ts';
import { tenants } from '../drills/tenants.ts';
import { oneRequest } from './one-request.ts';

/**
 * `npm run test:attacks -- --doors | --tenants | --law NAME [--times N] [--seed N]` (all laws, or one): tries as an attacker from outside, on the built server, what no request,
 * tenant, editor, sender or clock may do to the rest. Prints each law with its figures; ends with 1 when one was broken.
 */
const laws: Readonly<Record<string, (options: { times?: number; seed?: number }) => Promise<Report>>> = {
  'one-request': oneRequest,
  tenants,
};

const { values } = parseArgs({
  options: {
    doors: { type: 'boolean' },
    tenants: { type: 'boolean' },
    law: { type: 'string' },
    times: { type: 'string' },
    seed: { type: 'string' },
  },
});
const law = values.tenants ? 'tenants' : values.law;
const asked = law === undefined ? Object.keys(laws) : [law];
if ((!values.doors && law === undefined) || asked.some((name) => !(name in laws))) {
  console.error(
    `usage: npm run test:attacks -- --doors | --tenants | --law NAME [--times N] [--seed N]; there are ${Object.keys(laws).join(', ')}`,
  );
  process.exit(2);
}
if ((await build()) !== 0) process.exit(1);

let isBroken = false;
for (const name of asked) {
  const began = Date.now();
  const report = await laws[name]!({
    ...(values.times === undefined ? {} : { times: Number(values.times) }),
    ...(values.seed === undefined ? {} : { seed: Number(values.seed) }),
  });
  console.log(`\n${name} (${Math.round((Date.now() - began) / 1000)} s)`);
  for (const [figure, value] of Object.entries(report.figures)) console.log(`  ${figure}: ${value}`);
  for (const sentence of report.broken) console.log(`  BROKEN: ${sentence}`);
  console.log(report.broken.length === 0 ? '  held' : '  broken');
  isBroken ||= report.broken.length > 0;
}
process.exit(isBroken ? 1 : 0);
