import { lazy, useEffect } from 'react';
import type { ReactNode } from 'react';
import { comingParts } from './coming-parts.ts';
import { whenThere } from './when-there.ts';

/** A part that is wanted is drawn within so long once its code is there; milliseconds. */
const drawnMs = 1_000;

/**
 * A part of the page whose code comes when it is first shown, once the server is there (`when-there.ts`). From being called until it stands there
 * it is coming: keys that are pressed meanwhile are meant for it, unless it takes none, as a panel does that opens beside the work.
 */
export function part<Props extends object>(
  load: () => Promise<{ readonly default: (props: Props) => ReactNode }>,
  { takesKeys = true } = {},
) {
  const loaded = whenThere(load);
  return lazy(async () => {
    const isThere = takesKeys ? comingParts.begin() : () => undefined;
    const { default: Loaded } = await loaded();
    // Whoever called it may have gone on without it: then it is never drawn.
    setTimeout(isThere, drawnMs);
    const Part = (props: Props) => {
      useEffect(isThere, []);
      return <Loaded {...props} />;
    };
    return { default: Part };
  });
}
