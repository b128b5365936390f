import type { MarkState } from '../ui/mark.tsx';
import { classes } from '../ui/class-names.ts';
import { clock, duration } from '../ui/figures.ts';
import type { StepTimes } from './step-bars.ts';
import type { TimeScale } from './time-scale.ts';
import './time-track.css';

interface TimeTrackProps {
  readonly times: StepTimes | undefined;
  readonly scale: TimeScale;
  readonly state: MarkState;
  readonly isChosen: boolean;
}

const waitWords = {
  person: 'waited for a person',
  time: 'waited',
  run: 'waited for the run it called',
  retry: 'waited to try again',
  doubt: 'in doubt',
  outside: 'waited for an answer',
} as const;

const percent = (part: number) => `${(part * 100).toFixed(2)}%`;

/** When a step worked (solid) and waited (dots), on the time of the run. Only a step that is chosen, or that is news, has a colour. */
export function TimeTrack({ times, scale, state, isChosen }: TimeTrackProps) {
  const isNews = state === 'failed' || state === 'erred' || state === 'doubt' || state === 'running';
  const place = ({ from, to }: { from: number; to: number }) => {
    const left = scale.at(from);
    return { left: percent(left), width: percent(Math.max(0, scale.at(to) - left)) };
  };
  return (
    <span className={classes('time-track', isChosen && 'on')} aria-hidden {...(isNews ? { 'data-state': state } : {})}>
      {scale.folds.map((fold) => (
        <i key={fold.left} className="time-fold" style={{ left: percent(fold.left), width: percent(fold.width) }} />
      ))}
      {times?.work.map((stretch) => (
        <i
          key={stretch.from}
          className={classes('tb', isNews && 'st')}
          style={place(stretch)}
          title={`${clock(stretch.from)}, ${duration(stretch.to - stretch.from)}`}
        />
      ))}
      {times?.waits.map((wait) => (
        <i
          key={wait.from}
          className="tw"
          data-state={wait.why === 'doubt' ? 'doubt' : 'waiting'}
          style={place(wait)}
          title={`${clock(wait.from)}, ${waitWords[wait.why]} ${duration(wait.to - wait.from)}`}
        />
      ))}
    </span>
  );
}
