import type { Run } from '../../flow/contract/run.ts';
import { isUnderWay } from '../ui/run-state.ts';
import { duration } from '../ui/figures.ts';
import { count } from '../ui/when.ts';
import { isByTrigger, notCounted } from './trigger-runs.ts';
import './figures.css';

const day = 86_400_000;
const bars = 48;

/** The last 24 hours: how many runs triggers started, how many failed, how long they took, and when. `isCut` says that there were more than we know. */
export function Figures({ runs, isCut, now }: { runs: readonly Run[]; isCut: boolean; now: number }) {
  const all = runs.filter(({ startedAt }) => now - Date.parse(startedAt) < day);
  const today = all.filter(isByTrigger);
  const over = today.filter(({ status }) => status === 'finished' || status === 'failed');
  const failed = today.filter(({ status }) => status === 'failed').length;
  const underWay = today.filter(isUnderWay).length;
  const waiting = today.filter(({ status }) => status === 'waiting').length;
  const times = today.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs])).sort((a, b) => a - b);
  const median = medianOf(times);
  const more = isCut && all.length === runs.length ? ' or more' : '';
  return (
    <div className="box">
      <div className="figs">
        <Figure
          label="Runs"
          value={count(today.length)}
          says={`${underWay} running${waiting > 0 ? `, ${waiting} waiting` : ''}${more}`}
        />
        <Figure label="Failed" value={count(failed)} says={shareOf(failed, over.length)} />
        <Figure label="Median time" value={median === undefined ? '–' : duration(median)} says={slowWords(times)} />
      </div>
      <Weave runs={today} now={now} />
      <p className="small t3 figs-note">{notCounted(all)}</p>
    </div>
  );
}

/** The middle one of numbers that go up; of two in the middle the mean. */
export function medianOf(numbers: readonly number[]): number | undefined {
  const [low, high] = [numbers[Math.ceil(numbers.length / 2) - 1], numbers[Math.floor(numbers.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** How long nearly all took; of fewer than a hundred, one run in a hundred is none. Times go up. */
export function slowWords(times: readonly number[]): string {
  const slowest = times.at(-1);
  if (slowest === undefined) return 'no run is over';
  if (times.length < 100) return `slowest ${duration(slowest)}`;
  return `99 % within ${duration(times[Math.ceil(times.length * 0.99) - 1] ?? slowest)}`;
}

const shareOf = (part: number, whole: number) =>
  whole === 0 ? 'no run is over' : `${((100 * part) / whole).toFixed(1)} % of ${count(whole)}`;

const Figure = ({ label, value, says }: { label: string; value: string; says: string }) => (
  <div className="fig">
    <span className="label">{label}</span>
    <b>{value}</b>
    <span className="small t3">{says}</span>
  </div>
);

/** A bar for each half hour, the one of now in weld. */
function Weave({ runs, now }: { runs: readonly Run[]; now: number }) {
  const slots = Array.from({ length: bars }, () => ({ all: 0, failed: 0 }));
  for (const { startedAt, status } of runs) {
    const slot = slots[bars - 1 - Math.floor((now - Date.parse(startedAt)) / (day / bars))];
    if (!slot) continue;
    slot.all += 1;
    if (status === 'failed') slot.failed += 1;
  }
  const most = Math.max(1, ...slots.map(({ all }) => all));
  const height = (value: number) => (value === 0 ? 1.5 : 6 + (value / most) * 44);
  return (
    <div className="weave" aria-hidden>
      <svg viewBox="0 0 480 54" preserveAspectRatio="none">
        {slots.map(({ all, failed }, index) => (
          <g key={index}>
            <rect
              x={index * 10}
              width={7}
              rx={1.5}
              y={54 - height(all)}
              height={height(all)}
              fill={index === bars - 1 && all > 0 ? 'var(--weld)' : 'var(--line-strong)'}
            />
            {failed > 0 && (
              <rect
                x={index * 10}
                width={7}
                rx={1.5}
                y={54 - height(failed)}
                height={height(failed)}
                fill="var(--failed)"
              />
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}
