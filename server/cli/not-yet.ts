import { Command } from 'commander';
import { print } from './print.ts';

/** Commands of the contract whose time has not come: they say so and exit with 2. */
export const notYetCommands = (): Command[] =>
  [
    ['import', 'import workflows of other products'],
    ['backup', 'write everything into one file'],
    ['restore', 'read a backup back'],
    ['keys', 'rotate the master key'],
    ['audit', 'verify the audit log'],
  ].map(([name, description]) =>
    new Command(name)
      .description(`${description} (not yet)`)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(({ json }: { json?: boolean }) => {
        const error = { code: 'not-yet', message: `heddle ${name} is not there yet.` };
        if (json) print.json({ error });
        else print.problem(error.message);
        process.exitCode = 2;
      }),
  );
