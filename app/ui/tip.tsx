import * as Tooltip from 'radix-ui/tooltip';
import type { ReactElement } from 'react';
import { Keys } from './kbd.tsx';
import { portalPlace } from './portal-place.ts';

/** A word about what is under the pointer or has the focus, with its key. */
export function Tip({ text, keys, children }: { text: string; keys?: string | undefined; children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal container={portalPlace()}>
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
