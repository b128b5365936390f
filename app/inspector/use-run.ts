import { useEffect, useState } from 'react';
import { followRun } from '../api/live-run.ts';
import type { Seen } from '../api/live-run.ts';
import type { Hearing } from '../api/stream.ts';

/** A run with its steps and facts, folded here and kept true while somebody looks. */
export function useRun(id: string) {
  const [known, setKnown] = useState<{ readonly id: string; readonly seen?: Seen; readonly error?: Error }>({ id });
  const [hearing, setHearing] = useState<Hearing>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const tell = (seen: Seen) => setKnown({ id, seen });
    followRun(id, { tell, stand: (now) => signal.aborted || setHearing(now), signal }).catch((error: unknown) => {
      if (!signal.aborted) setKnown({ id, error: error instanceof Error ? error : new Error(String(error)) });
    });
    return () => stop.abort();
  }, [id, round]);
  // Another run's is not shown while this one is on its way.
  const { seen, error } = known.id === id ? known : { seen: undefined, error: undefined };
  return { seen, error, hearing, retry: () => setRound((count) => count + 1) };
}
