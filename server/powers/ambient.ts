import { createHash } from 'node:crypto';
import { seededRandom } from '../../flow/facts/keys.ts';
import type { Powers } from '../../nodes/kit/powers.ts';
import type { PowerRequest } from '../engine/carriage.ts';

type Asked = Pick<PowerRequest, 'log' | 'seed'>;

/** Powers that a thread has by itself: lent alike wherever a node is carried out. */
export const ambientPowers = {
  log: ({ log }: Asked): Powers['log'] => ({
    debug: (text, data) => log('debug', text, data),
    info: (text, data) => log('info', text, data),
    warn: (text, data) => log('warn', text, data),
    error: (text, data) => log('error', text, data),
  }),
  hash: (): Powers['hash'] => ({ sha256: (text) => createHash('sha256').update(text).digest('hex') }),
  random: ({ seed }: Asked): Powers['random'] => ({ next: seededRandom(seed) }),
};
