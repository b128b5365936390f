import { lookup } from 'node:dns/promises';
import type { Address } from './dial.ts';

/** What the operating system says of a name: every address, in its order. */
export type SystemNames = (name: string) => Promise<readonly Address[]>;

/** An answer or none, and for how long it counts, in milliseconds. */
interface Told {
  readonly answer: readonly Address[] | Error;
  readonly forMs: number;
}

interface Waiting {
  readonly name: string;
  readonly told: (told: Told) => void;
}

/** Whether a name is asked for in the machine's own network (RFC 6762). */
export const isLocal = (name: string): boolean => name.endsWith('.local');
/** Whether nobody outside answers for a name, nor is silent. */
export const isInside = (name: string): boolean => !name.includes('.') || isLocal(name);

const systemNames: SystemNames = (name) => lookup(name, { all: true, order: 'verbatim' });

/**
 * Asks the operating system for one name at a time, inside ones first; what took long is not asked again for thirty times as long, five seconds to ten minutes. So it holds
 * one thread at most, and whoever is silent a thirtieth of that.
 */
export function askingSystem(now: () => number, system = systemNames): (name: string) => Promise<Told> {
  const line: Waiting[] = [];
  let isAsking = false;
  const goOn = async () => {
    isAsking = true;
    while (line.length > 0) {
      const inside = line.findIndex(({ name }) => isInside(name));
      const [{ name, told }] = line.splice(Math.max(inside, 0), 1) as [Waiting];
      const began = now();
      const answer = await system(name).catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      );
      told({ answer, forMs: Math.min(Math.max(5_000, 30 * (now() - began)), 600_000) });
    }
    isAsking = false;
  };
  return (name) =>
    new Promise((told) => {
      line.push({ name, told });
      if (!isAsking) void goOn();
    });
}
