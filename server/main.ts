import type { Config } from './config.ts';
import { openDoors } from './doors.ts';
import { openLog } from './log/log.ts';
import { openProcess, version } from './process.ts';
import type { Process, Role } from './process.ts';

/** How long a stop waits for stages under way before their claims are handed back; a second signal shortens it. */
const drainMs = 25_000;
/** How long requests under way may take before that; streams end at once. */
const answerMs = 4_000;
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
  const close = await openFront(opened, config, role, log, say);
  log.info({ boot: opened.boot, role }, 'ready');
  process.on('unhandledRejection', (error) => fatal(log, error));
  await stopSignal(close);
  log.info({ boot: opened.boot }, 'stopped');
}

/** Opens the doors of a process that has them; gives the way to close it all, doors first. */
async function openFront(
  opened: Process,
  config: Config,
  role: Exclude<Role, 'starter'>,
  log: ReturnType<typeof openLog>,
  say: (sentence: string) => void,
): Promise<() => Promise<void>> {
  if (role === 'worker') return () => opened.close(drainMs);
  try {
    const doors = await openDoors({ config, database: opened.ground.database, http: opened.http, log, version });
    const port = await doors.listen();
    say(`Heddle is at ${config.port === port ? config.url : `http://localhost:${port}`}`);
    return async () => {
      await doors.close(answerMs);
      await opened.close(drainMs);
    };
  } catch (error) {
    await opened.close(0);
    throw error;
  }
}

function fatal(log: ReturnType<typeof openLog>, error: unknown): never {
  log.fatal({ err: error }, 'the process cannot go on');
  process.exit(1);
}

/** Resolves when the process has been told to stop and has closed. */
function stopSignal(close: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let closing: Promise<void> | undefined;
    const stop = () => {
      if (closing) return void setTimeout(() => process.exit(1), hurryMs).unref();
      closing = close();
      closing.then(resolve, reject);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
