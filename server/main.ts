import type { Config } from './config.ts';
import { openLog } from './log/log.ts';
import { openProcess } from './process.ts';
import type { Process, Role } from './process.ts';

/** How long a stop waits for stages under way before their claims are handed back; a second signal shortens it. */
const drainMs = 25_000;
const hurryMs = 2_000;

/**
 * Opens a process in a role and keeps it going until it is told to stop (SIGINT, SIGTERM): it then takes no more work,
 * waits for what is under way, hands the rest back and ends with 0. What it cannot survive ends it with 1, so that a
 * supervisor starts it anew.
 */
export async function serve(
  config: Config,
  role: Exclude<Role, 'starter'>,
  say: (sentence: string) => void,
): Promise<void> {
  const log = openLog({ level: config.logLevel });
  const opened = await openProcess({ config, role, log, say, onFatal: (error) => fatal(log, error) });
  log.info({ boot: opened.boot, role }, 'ready');
  process.on('unhandledRejection', (error) => fatal(log, error));
  await stopSignal(opened);
  log.info({ boot: opened.boot }, 'stopped');
}

function fatal(log: ReturnType<typeof openLog>, error: unknown): never {
  log.fatal({ err: error }, 'the process cannot go on');
  process.exit(1);
}

/** Resolves when the process has been told to stop and has closed. */
function stopSignal(opened: Process): Promise<void> {
  return new Promise((resolve, reject) => {
    let closing: Promise<void> | undefined;
    const stop = () => {
      if (closing) return void setTimeout(() => process.exit(1), hurryMs).unref();
      closing = opened.close(drainMs);
      closing.then(resolve, reject);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
