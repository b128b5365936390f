import { parseArgs } from 'node:util';
import { build } from '../build.js';
import { carryOut, drillFlags, readOptions } from '../drills/carry-out.ts';
import { laws } from './laws.ts';

/**
 * `npm run test:attacks -- --doors | --tenants | --law NAME… [--times N] [--seed N] [--on fifteen]` (all laws, or some): tries as an attacker from outside, on the
 * built server, what no request, tenant, editor, sender or clock may do to the rest. Prints each law with its figure; ends with 1 when one was broken.
 */
const { values } = parseArgs({
  options: {
    doors: { type: 'boolean' },
    tenants: { type: 'boolean' },
    law: { type: 'string', multiple: true },
    ...drillFlags,
  },
});
const named = [...(values.law ?? []), ...(values.tenants ? ['tenants'] : [])];
const asked = values.doors ? Object.keys(laws) : named;
const options = readOptions(values);
if (typeof options === 'string' || asked.length === 0 || asked.some((name) => !(name in laws))) {
  if (typeof options === 'string') console.error(options);
  console.error(
    `usage: npm run test:attacks -- --doors | --tenants | --law NAME… [--times N] [--seed N] [--on fifteen]; there are ${Object.keys(laws).join(', ')}`,
  );
  process.exit(2);
}
if ((await build()) !== 0) process.exit(1);

const isKept = await carryOut(
  asked.map((name) => [name, laws[name]!]),
  options,
);
process.exit(isKept ? 0 : 1);
