import * as Tooltip from 'radix-ui/tooltip';
import type { ReactElement } from 'react';
import { useFloating } from './floating.ts';
import { Keys } from './kbd.tsx';

/** A word about what is under the pointer or has the focus, with its key. */
export function Tip({ text, keys, children }: { text: string; keys?: string | undefined; children: ReactElement }) {
  const { root, place } = useFloating();
  return (
    <Tooltip.Root {...root}>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal container={place}>
        <Tooltip.Content className="tip" sideOffset={6} collisionPadding={8}>
          {text}
          {keys && <Keys keys={keys} />}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** Once around the app: how long a tip waits. */
export const TipProvider = Tooltip.Provider;
