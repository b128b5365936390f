import type { Downloads } from '../download.ts';

const none = async (): Promise<never> => {
  throw new Error('This test makes no file of an answer.');
};

/** For powers whose answers are read. */
export const noDownloads: Downloads = { spool: none, keep: none };
