import type { RunBrief } from '../api/workflows.ts';
import './spark.css';

/** How many runs a sparkline shows. */
export const sparkRuns = 14;

/** The last runs of a workflow, the newest at the right: as high as they took long, red when they failed. */
export function Spark({ runs }: { runs: readonly RunBrief[] }) {
  const shown = runs.slice(0, sparkRuns).toReversed();
  const longest = Math.max(1, ...shown.map(({ durationMs }) => Math.log1p(durationMs ?? 0)));
  const failed = shown.filter(({ status }) => status === 'failed').length;
  const says =
    shown.length === 0
      ? 'No runs yet'
      : `${shown.length === 1 ? 'Last run' : `Last ${shown.length} runs`}, ${failed === 0 ? 'none' : failed} failed`;
  return (
    <svg className="spark" width={sparkRuns * 5} height={20} role="img" aria-label={says}>
      {Array.from({ length: sparkRuns }, (_, index) => {
        const run = shown[index - (sparkRuns - shown.length)];
        const height = run ? 4 + (Math.log1p(run.durationMs ?? 0) / longest) * 15 : 1.5;
        const kind = run ? (run.status === 'failed' ? 'f' : undefined) : 'z';
        return <rect key={index} x={index * 5} y={20 - height} width={3.5} height={height} rx={1} className={kind} />;
      })}
    </svg>
  );
}
