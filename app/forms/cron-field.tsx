import { CircleAlert } from 'lucide-react';
import { useMemo } from 'react';
import type { ControlProps } from './control-view.tsx';
import { firesOf } from './cron-fires.ts';
import { useForm } from './form-context.tsx';

const shape = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** A rule of cron, with its next fires in the workflow's zone. */
export function CronField({ field, wiring, value, onChange }: ControlProps) {
  const { zone, params, samples } = useForm();
  const rule = typeof value === 'string' ? value : '';
  const own = typeof params['timezone'] === 'string' ? params['timezone'] : zone;
  const fires = useMemo(() => firesOf(rule, own, new Date(samples.now)), [rule, own, samples.now]);
  return (
    <>
      <input
        {...wiring}
        className="input mono"
        placeholder={field.placeholder}
        value={rule}
        onChange={(event) => onChange(event.target.value)}
      />
      {fires.ok ? (
        <div className="field-help num">
          Next: {fires.next.map((date) => shape.format(date)).join(' · ')} ({own})
        </div>
      ) : (
        <div className="field-error">
          <CircleAlert className="i i-12" aria-hidden />
          <span>
            {fires.message} {fires.mend}
          </span>
        </div>
      )}
    </>
  );
}
