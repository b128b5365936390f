import type { RunBrief } from '../api/workflows.ts';
import { isByTrigger } from './trigger-runs.ts';
import './spark.css';

/** How many runs a sparkline shows. */
export const sparkRuns = 14;

/** The runs that the figures of a workflow are of, its sparkline and its success rate: the last that its triggers started. */
export const counted = (runs: readonly RunBrief[]): RunBrief[] => runs.filter(isByTrigger).slice(0, sparkRuns);

/** What share of them went well, in words; empty while none is over. */
export function successOf(runs: readonly RunBrief[]): { readonly rate: string; readonly says: string } | undefined {
  const over = counted(runs).filter(({ status }) => status === 'finished' || status === 'failed');
  if (over.length === 0) return undefined;
  const well = over.filter(({ status }) => status === 'finished').length;
  return { rate: `${Math.round((100 * well) / over.length)} %`, says: `${well} of ${saidOf(over.length)} went well` };
}

/** What the sparkline shows, in words. */
export function sparkWords(runs: readonly RunBrief[]): string {
  const shown = counted(runs);
  if (shown.length === 0) return runs.length === 0 ? 'No runs yet' : 'No runs by triggers yet';
  const failed = shown.filter(({ status }) => status === 'failed').length;
  const last = shown.length === 1 ? 'Last run by a trigger' : `Last ${saidOf(shown.length)}`;
  return `${last}, ${failed === 0 ? 'none' : failed} failed`;
}

const saidOf = (number: number) => `${number} ${number === 1 ? 'run' : 'runs'} by triggers`;

/** The last runs of a workflow, the newest at the right: as high as they took long, red when they failed. */
export function Spark({ runs }: { runs: readonly RunBrief[] }) {
  const shown = counted(runs).toReversed();
  const longest = Math.max(1, ...shown.map(({ durationMs }) => Math.log1p(durationMs ?? 0)));
  const says = sparkWords(runs);
  return (
    <svg className="spark" width={sparkRuns * 5} height={20} role="img" aria-label={says}>
      <title>{says}</title>
      {Array.from({ length: sparkRuns }, (_, index) => {
        const run = shown[index - (sparkRuns - shown.length)];
        const height = run ? 4 + (Math.log1p(run.durationMs ?? 0) / longest) * 15 : 1.5;
        const kind = run ? (run.status === 'failed' ? 'f' : undefined) : 'z';
        return <rect key={index} x={index * 5} y={20 - height} width={3.5} height={height} rx={1} className={kind} />;
      })}
    </svg>
  );
}
