import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { apikeyCommand } from './apikey.ts';
import { checkCommand } from './check.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { faultsCommand } from './faults.ts';
import { migrateCommand } from './migrate.ts';
import { nodesCommand } from './nodes.ts';
import { notYetCommands } from './not-yet.ts';
import { print } from './print.ts';
import { runCommand } from './run.ts';
import { UsageError } from './usage-error.ts';
import { startCommand } from './start.ts';

/** The exit codes of every command: well, failed or differs, bad document or usage, not over; the database is beyond this build (SAFETY G26). */
export const exits = { ok: 0, failed: 1, usage: 2, notOver: 3, outdated: 57 } as const;

const program = new Command('heddle')
  .description('Draw workflows, publish them, and they run durably on your own Postgres.')
  .exitOverride();
const commands = [
  startCommand(),
  runCommand(),
  checkCommand(),
  explainCommand(),
  nodesCommand(),
  faultsCommand(),
  apikeyCommand(),
  migrateCommand(),
  doctorCommand(),
  ...notYetCommands(),
];
for (const command of commands) program.addCommand(command.option('--json', 'print JSON for programs').exitOverride());

// Whoever reads may have read enough: `heddle nodes | head`.
process.stdout.on('error', (error: Error & { code?: string }) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  const isOutdated = process.exitCode === exits.outdated;
  process.exitCode = exits.usage;
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exits.ok : exits.usage;
  else if (error instanceof ConfigError || error instanceof UsageError) print.problem(error.message);
  else {
    process.exitCode = isOutdated ? exits.outdated : exits.failed;
    print.problem(
      error instanceof Error
        ? process.env['HEDDLE_LOG_LEVEL'] === 'debug'
          ? (error.stack ?? error.message)
          : error.message
        : String(error),
    );
  }
}
