import { Fault } from '../../flow/facts/faults.ts';
import { errorCode } from '../error-code.ts';

/**
 * Work in a folder, which is called by what it is: `of large values`. Throws the fault `store.away` when the disk does not take it: one that is full,
 * read-only or not there is the operator's to mend; anything without a code is a bug. The fault names no cause: a full disk here is not the database's.
 */
export async function inFolder<Value>(folder: string, what: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const code = errorCode(error);
    if (code === '') throw error;
    throw new Fault('store.away', `The folder ${what} cannot be used now (${code}).`, {
      mend: `Check that ${folder} is there, can be written and has room.`,
    });
  }
}
