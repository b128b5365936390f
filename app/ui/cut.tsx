import { classes } from './class-names.ts';

/** A text that may be longer than its place, as names are that people give: cut with an ellipsis, whole in its title; what stands beside it stays. */
export const Cut = ({ text, className }: { text: string; className?: string }) => (
  <span className={classes('cut', className)} title={text}>
    {text}
  </span>
);
