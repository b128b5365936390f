import * as z from 'zod';
import { keep, keptAs } from '../host/keep.ts';

const place = 'heddle.nodes-used';
const shape = z.array(z.string());
const most = 5;

/** The types of nodes that were added last in this browser, newest first. */
export const usedLately = (): readonly string[] => keptAs(place, shape) ?? [];

/** Notes that a node of a type was added. */
export const noteUsed = (type: string): void =>
  void keep(place, JSON.stringify([type, ...usedLately().filter((one) => one !== type)].slice(0, most)));
