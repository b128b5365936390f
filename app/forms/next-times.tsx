import { useMemo } from 'react';
import { useForm } from './form-context.tsx';
import { nextRuns } from './next-runs.ts';
import './next-times.css';

const shape = (zone: string, hasSeconds: boolean) =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(hasSeconds ? { second: '2-digit' as const } : {}),
    timeZone: zone,
  });

/** The next five runs of a schedule, in its time zone, which is said: its own, or the workflow's. */
export function NextTimes({ rules }: { rules: unknown }) {
  const { zone, params, samples } = useForm();
  const own = params['timezone'];
  const chosen = typeof own === 'string' && own !== '' ? own : zone;
  const isOwn = chosen === own;
  const next = useMemo(() => {
    try {
      const runs = nextRuns(rules, chosen, samples.now);
      // Every ten seconds would be one minute five times.
      const write = shape(
        chosen,
        runs.some((at) => at % 60_000 !== 0),
      );
      return runs.map((at) => ({ at, says: write.format(at) }));
    } catch {
      // No such time zone: its field says so.
      return [];
    }
  }, [rules, chosen, samples.now]);
  if (next.length === 0) return null;
  return (
    <div className="next-times" role="group" aria-label="Next runs">
      <span className="label">
        Next runs in {chosen}
        {isOwn ? '' : ', the workflow’s time zone'}
      </span>
      {next.map(({ at, says }) => (
        <span key={at}>{says}</span>
      ))}
    </div>
  );
}
