import { feedEntries } from './connect/rss.ts';
import { feedEntries1 } from './connect/rss-1.ts';
import { jsonOfAnswer } from './connect/http-answer.ts';
import { itemsOfFile } from './data/file-formats.ts';
import type { AnyComputation } from './kit/computation.ts';

/** Every computation of this build: a process that carries them out finds them here by name. */
export const computations: readonly AnyComputation[] = [feedEntries, feedEntries1, jsonOfAnswer, itemsOfFile];
