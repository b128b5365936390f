import { Command } from 'commander';
import { faults } from '../../flow/facts/faults.ts';
import { print } from './print.ts';

/** `heddle faults`: every fault code, who can mend it, and whether to try again. */
export const faultsCommand = (): Command =>
  new Command('faults')
    .description('list every fault code and what it means')
    .action(({ json }: { json?: boolean }) => {
      if (json) return print.json(faults);
      const width = Math.max(...Object.keys(faults).map((code) => code.length));
      for (const [code, { sentence, who, again }] of Object.entries(faults))
        print.line(`${code.padEnd(width)}  ${sentence} (${who} can fix it; try again ${again})`);
    });
