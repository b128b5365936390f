import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classes } from './class-names.ts';
import { Tip } from './tip.tsx';

/** How loud a button is: one `primary` in a region; `danger` only beside what cannot be undone. */
export type Tone = 'plain' | 'primary' | 'quiet' | 'danger';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: Tone;
  readonly size?: 'sm' | 'md' | 'lg';
  /** Under way: it stays where it is, says so to screen readers and takes no second press. */
  readonly busy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

const sizes = { sm: 'sm', md: undefined, lg: 'lg' };

/** A verb that can be pressed. */
export function Button({ tone = 'plain', size = 'md', busy = false, className, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classes('btn', tone !== 'plain' && tone, sizes[size], className)}
      aria-busy={busy || undefined}
      data-busy={busy}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    />
  );
}

interface IconButtonProps extends ButtonProps {
  /** Its name, shown in the tip. */
  readonly label: string;
  readonly keys?: string | undefined;
  readonly children: ReactNode;
}

/** A button with a picture only; its name and key are in a tip. */
export function IconButton({ label, keys, className, ...rest }: IconButtonProps) {
  return (
    <Tip text={label} keys={keys}>
      <Button tone="quiet" aria-label={label} className={classes('icon', className)} {...rest} />
    </Tip>
  );
}
