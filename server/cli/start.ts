import { Command, Option } from 'commander';
import { readConfig } from '../config.ts';
import { serve } from '../main.ts';
import { print } from './print.ts';

/** `heddle start`: the server; with `--role worker` a process that only works the lanes off. */
export const startCommand = (): Command =>
  new Command('start')
    .description('start the server')
    .option('--port <number>', 'where to listen; of a worker: where it answers for its health')
    .addOption(new Option('--role <role>', 'what this process does').choices(['all', 'web', 'worker']).default('all'))
    .action(async ({ port, role }: { port?: string; role: 'all' | 'web' | 'worker' }) => {
      await serve(readConfig(process.env, flagsOf(role, port)), role, print.problem);
      // Whatever still holds the event loop must not keep a stopped server alive. Ends with 0, or with the code that was set meanwhile.
      process.exit();
    });

/** A worker has no doors: its port is only that of its health, and PORT, which processes beside it share, is not meant for it. */
const flagsOf = (role: string, port: string | undefined) =>
  port === undefined ? {} : role === 'worker' ? { HEDDLE_WORKER_PORT: port } : { PORT: port };
