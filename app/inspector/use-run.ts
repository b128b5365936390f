import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { hearFacts } from '../api/facts.ts';
import type { Fact } from '../api/facts.ts';
import { looker } from '../api/looker.ts';
import { runQuery, stepsQuery } from '../api/run.ts';
import type { Hearing } from '../api/stream.ts';

/** How often a run is looked at while its stream is away. */
const slowMs = 2_000;

/** A run with its steps and facts, kept true while somebody looks: each fact that comes is a reason to read again. */
export function useRun(id: string) {
  const client = useQueryClient();
  const run = useQuery(runQuery(id));
  const steps = useQuery(stepsQuery(id));
  const [facts, setFacts] = useState<readonly Fact[]>([]);
  const [hearing, setHearing] = useState<Hearing>();
  const isThere = run.data !== undefined;
  useEffect(() => {
    if (!isThere) return;
    const stop = new AbortController();
    const look = looker(() => client.refetchQueries({ queryKey: ['run', id], predicate: isState }), stop.signal);
    setFacts([]);
    void hearFacts(id, {
      tell: (more) => {
        setFacts((known) => [...known, ...more]);
        look();
      },
      stand: (now) => {
        setHearing(now);
        if (now === 'over') look();
      },
      signal: stop.signal,
    });
    return () => stop.abort();
  }, [client, id, isThere]);
  useEffect(() => {
    if (hearing !== 'broken') return;
    const timer = setInterval(() => void client.refetchQueries({ queryKey: ['run', id], predicate: isState }), slowMs);
    return () => clearInterval(timer);
  }, [client, hearing, id]);
  return {
    run: run.data,
    steps: steps.data,
    facts,
    hearing,
    error: run.error ?? steps.error,
    retry: () => void run.refetch(),
  };
}

/** The run and its steps; lists that somebody opened are named anew when they change. */
const isState = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey.length === 2 || queryKey[2] === 'steps';
