import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { standOn } from '../db/ground.ts';
import { print } from './print.ts';

/** `heddle migrate`: brings the database up to this build and says so. */
export const migrateCommand = (): Command =>
  new Command('migrate')
    .description('bring the database up to this version')
    .action(async ({ json }: { json?: boolean }) => {
      await using ground = await standOn(readConfig(), { say: print.problem });
      const access = ground.database.access;
      if (json) print.json({ migrated: true, access });
      else
        print.line(
          `The database is up to date (${access === 'roles' ? 'two roles' : 'row-level security by setting'}).`,
        );
    });
