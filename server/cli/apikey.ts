import { Command, Option } from 'commander';
import { findWorkspace } from '../accounts/find-workspace.ts';
import { createKey } from '../accounts/keys.ts';
import { readConfig } from '../config.ts';
import { standOn } from '../db/ground.ts';
import { roles } from '../../flow/contract/account.ts';
import type { Role } from '../../flow/contract/account.ts';
import { print } from './print.ts';

interface Options {
  readonly workspace: string;
  readonly name: string;
  readonly role: Role;
}

/** `heddle apikey create`: makes a key on the configured or embedded database, also while a server runs on it, and prints it once. */
export const apikeyCommand = (): Command =>
  new Command('apikey').description('make an API key').addCommand(
    new Command('create')
      .description('print {id, key} once; the key is stored nowhere')
      .option('--workspace <slug>', 'what the key acts in', 'main')
      .requiredOption('--name <name>', 'what it is for')
      .addOption(new Option('--role <role>', 'what it may do').choices([...roles]).default('editor'))
      .option('--json', 'print JSON for programs, as it always does')
      .exitOverride()
      .action(async ({ workspace, name, role }: Options) => {
        await using ground = await standOn(readConfig(), { app: 1, engine: 1, say: print.problem });
        const { orm, sql } = ground.database.app;
        print.json(await createKey(orm, await findWorkspace(sql, workspace), { name, role }));
      }),
  );
