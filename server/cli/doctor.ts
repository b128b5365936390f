import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { walletHealth } from '../credentials/health.ts';
import { openKeyring } from '../credentials/keyring.ts';
import { standOn } from '../db/ground.ts';
import { openHttpClient } from '../wire/http-client.ts';
import { openLedger } from '../journal/postgres-ledger.ts';
import { rebuild } from '../journal/rebuild.ts';
import { shelfHealth } from '../shelves/health.ts';
import { openShelf } from '../shelves/open-shelf.ts';
import { print } from './print.ts';

/** `heddle doctor`: how this installation stands; `--rebuild` makes what mirrors the facts anew from them. */
export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('say how this installation stands')
    .option('--rebuild', 'make runs, stages and effects anew from the facts; stop all other processes first')
    .action(async ({ json, rebuild: wanted }: { json?: boolean; rebuild?: boolean }) => {
      const config = readConfig();
      await using ground = await standOn(config, { say: print.problem });
      const http = openHttpClient({ allowHosts: [] });
      const shelf = openShelf(config.shelf, http);
      const ledger = openLedger(ground.database.engine.sql, { boot: 'boot_doctor', leaseMs: 20_000, shelf });
      const health = {
        access: ground.database.access,
        embedded: ground.embedded !== undefined,
        node: process.version,
        ...(await ledger.health()),
      };
      const wallet = await walletHealth(ground.database, openKeyring(config));
      const values = await shelfHealth(shelf);
      const rebuilt = wanted ? await rebuild(ledger) : undefined;
      await ledger.close();
      await http.close();
      if (json) return print.json({ ...health, wallet, values, ...(rebuilt ? { rebuilt } : {}) });
      for (const [name, value] of Object.entries(health)) print.line(`${name}: ${String(value)}`);
      for (const line of [...values.words, ...wallet.words]) print.line(line);
      if (rebuilt) print.line(`rebuilt: ${rebuilt.runs} runs, ${rebuilt.stages} stages, ${rebuilt.effects} effects`);
    });
