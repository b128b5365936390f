import { CircleAlert } from 'lucide-react';
import type { ControlProps } from './control-view.tsx';
import { cronTrouble } from './next-runs.ts';
import { TextInput } from '../ui/text-input.tsx';

/** A rule of cron; one that cannot be read or never comes true says so while it is typed. */
export function CronField({ field, wiring, value, onChange }: ControlProps) {
  const rule = typeof value === 'string' ? value : '';
  const trouble = wiring['aria-invalid'] ? undefined : cronTrouble(rule);
  return (
    <>
      <TextInput
        {...wiring}
        aria-invalid={wiring['aria-invalid'] || trouble !== undefined}
        className="input mono"
        placeholder={field.placeholder}
        value={rule}
        onChange={(event) => onChange(event.target.value)}
      />
      {trouble && (
        <div className="field-error" role="status">
          <CircleAlert className="i i-12" aria-hidden />
          <span>{trouble}</span>
        </div>
      )}
    </>
  );
}
