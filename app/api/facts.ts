import * as z from 'zod';
import { hear } from './stream.ts';
import type { Listener } from './stream.ts';

const fact = z.object({ seq: z.number(), at: z.string(), type: z.string(), data: z.looseObject({}) });

/** A fact of a run, as it was appended; `seq` counts from 1. */
export type Fact = z.output<typeof fact>;

interface FactListener extends Listener {
  /** The next facts, in order, each once. */
  readonly tell: (facts: readonly Fact[]) => void;
}

/** Hears the facts of a run from its first on, as they come, until the last or until the signal; after a break, from where it broke. */
export async function hearFacts(id: string, { tell, ...listener }: FactListener): Promise<void> {
  let after = 0;
  await hear({
    ...listener,
    path: () => `/api/v1/runs/${encodeURIComponent(id)}/live?after=${after}`,
    take: (data) => {
      const facts = data.flatMap((one) => fact.safeParse(one).data ?? []);
      const fresh = facts.filter(({ seq }) => seq > after);
      after = fresh.at(-1)?.seq ?? after;
      if (fresh.length > 0) tell(fresh);
    },
  });
}
