import { CircleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { classes } from './class-names.ts';
import { cutWords } from './cut-input.ts';
import { TextInput } from './text-input.tsx';

interface FieldProps {
  readonly label: string;
  readonly help?: ReactNode;
  readonly error?: string | undefined;
  /** Draws the control with what names and describes it. */
  readonly children: (wiring: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean;
  }) => ReactNode;
}

/** A label, a control, and under it help or what is wrong. */
export function Field({ label, help, error, children }: FieldProps) {
  const id = useId();
  const says = error ?? help;
  return (
    <div className="field">
      <label className="field-top" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': says ? `${id}-says` : undefined, 'aria-invalid': error !== undefined })}
      {says && (
        <div id={`${id}-says`} className={error ? 'field-error' : 'field-help'} role={error ? 'alert' : undefined}>
          {error && <CircleAlert className="i i-12" aria-hidden />}
          {says}
        </div>
      )}
    </div>
  );
}

interface InputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'defaultValue'> {
  readonly ref?: Ref<HTMLInputElement>;
  readonly sayCut?: (isCut: boolean) => void;
}

/** One line of text. */
export function Input({ className, value, ...rest }: InputProps) {
  return <TextInput className={classes('input', className)} spellCheck={false} value={textOf(value)} {...rest} />;
}

const textOf = (value: InputProps['value']): string => String(value ?? '');

type TextFieldProps = Omit<FieldProps, 'children'> & InputProps;

/** A field with one line of text; it says so where it cut what was put in. */
export function TextField({ label, help, error, maxLength, ...input }: TextFieldProps) {
  const [isCut, setCut] = useState(false);
  const says = error ?? (isCut && maxLength !== undefined ? cutWords(maxLength) : undefined);
  return (
    <Field label={label} help={help} error={says}>
      {(wiring) => <Input {...wiring} {...input} maxLength={maxLength} sayCut={setCut} />}
    </Field>
  );
}

/** A line to search by, with its picture before and its key behind. */
export function SearchInput({
  icon,
  end,
  className,
  value,
  ...rest
}: InputProps & { icon: ReactNode; end?: ReactNode }) {
  return (
    <span className={classes('input', className)}>
      {icon}
      <TextInput type="search" spellCheck={false} value={textOf(value)} {...rest} />
      {end && <span className="end">{end}</span>}
    </span>
  );
}
