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

/**
 * A verb that can be pressed. One that is disabled is dim and does nothing, but keeps the focus: a browser takes it from what is truly disabled,
 * and whoever pressed Next up to the end, or Add until nothing was left to add, would stand nowhere.
 */
export function Button({ tone = 'plain', size = 'md', busy, disabled, className, onClick, ...rest }: ButtonProps) {
  const isIdle = busy === true || disabled === true;
  return (
    <button
      type="button"
      className={classes('btn', tone !== 'plain' && tone, sizes[size], className)}
      aria-busy={busy || undefined}
      aria-disabled={disabled || undefined}
      data-busy={busy ?? false}
      onClick={isIdle ? (event) => event.preventDefault() : onClick}
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
