import type { Issue } from '../../flow/document/workflow.ts';

/** Where a command writes: results to standard output, everything else to standard error. */
export const print = {
  line: (text = '') => void process.stdout.write(`${text}\n`),
  json: (value: unknown) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
  problem: (text: string) => void process.stderr.write(`${text}\n`),
};

/** An Issue as a person reads it: how bad, where, what, and how to fix it. */
export function issueLine({ level, where, message, mend, code }: Issue): string {
  const places = [
    where.node,
    where.param === undefined ? undefined : `field ${where.param}`,
    where.edge === undefined ? undefined : `edge ${where.edge + 1}`,
  ];
  const place = places.filter((part) => part !== undefined).join(', ');
  return `${level}${place ? ` at ${place}` : ''}: ${message}\n  ${mend === '' ? '' : `${mend} `}(${code})`;
}
