import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { walletHealth } from '../credentials/health.ts';
import { openKeyring } from '../credentials/keyring.ts';
import { standOn } from '../db/ground.ts';
import { openLedger } from '../runs/postgres-ledger.ts';
import { rebuild } from '../runs/rebuild.ts';
import { print } from './print.ts';

/** `heddle doctor`: how this installation stands; `--rebuild` makes what mirrors the facts anew from them. */
export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('say how this installation stands')
    .option('--rebuild', 'make runs, stages and effects anew from the facts; stop all other processes first')
    .action(async ({ json, rebuild: wanted }: { json?: boolean; rebuild?: boolean }) => {
      const config = readConfig();
      await using ground = await standOn(config, { say: print.problem });
      const ledger = openLedger(ground.database.engine.sql, { boot: 'boot_doctor', leaseMs: 20_000 });
      const health = {
        access: ground.database.access,
        embedded: ground.embedded !== undefined,
        node: process.version,
        ...(await ledger.health()),
      };
      const wallet = await walletHealth(ground.database, openKeyring(config));
      const rebuilt = wanted ? await rebuild(ledger) : undefined;
      await ledger.close();
      if (json) return print.json({ ...health, wallet, ...(rebuilt ? { rebuilt } : {}) });
      for (const [name, value] of Object.entries(health)) print.line(`${name}: ${String(value)}`);
      for (const line of wallet.words) print.line(line);
      if (rebuilt) print.line(`rebuilt: ${rebuilt.runs} runs, ${rebuilt.stages} stages, ${rebuilt.effects} effects`);
    });
