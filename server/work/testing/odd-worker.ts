import { subscribe } from 'node:diagnostics_channel';
import { readConfig } from '../../config.ts';
import { openLog } from '../../log/log.ts';
import { openProcess } from '../../process.ts';

/**
 * A worker process that falls dead as soon as a node calls an address with `/poison` in it, before the first byte. It stands
 * for a bug of ours that no sandbox holds. Ready is said as `heddle start` says it.
 */
subscribe('undici:request:create', (message) => {
  const { request } = message as { request: { path: string } };
  if (request.path.includes('/poison')) process.kill(process.pid, 'SIGKILL');
});
const log = openLog({ level: 'info' });
const opened = await openProcess({ config: readConfig(), role: 'worker', log });
log.info({ boot: opened.boot }, 'ready');
