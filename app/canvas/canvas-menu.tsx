import { useReactFlow } from '@xyflow/react';
import * as Radix from 'radix-ui/dropdown-menu';
import { useRef } from 'react';
import { isFor, mayRun } from '../commands/command.ts';
import type { Command } from '../commands/command.ts';
import { commandById } from './commands/editor-commands.ts';
import { closeThen } from '../ui/close-then.ts';
import { MenuItem, MenuLine } from '../ui/menu.tsx';
import { portalPlace } from '../ui/floating.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import type { MenuPlace, MenuThing } from '../graph/graph.tsx';
import { menuOn } from './menu-on.ts';
import './canvas-menu.css';
import { useNarrow } from './use-narrow.ts';

/** A menu under the right button: where, and what it is about; without that, the canvas. */
export interface Menu extends MenuPlace {
  readonly on: MenuThing['kind'] | undefined;
}

/** The menu under the right button: the same commands as everywhere. What is put on the canvas comes where it was asked for. */
export default function CanvasMenu({ menu, close }: { menu: Menu; close: () => void }) {
  const { screenToFlowPosition } = useReactFlow();
  const above = useDesk();
  const desk = menu.on ? above : deskAt(above, screenToFlowPosition({ x: menu.x, y: menu.y }));
  const isChosen = useRef(false);
  const isNarrow = useNarrow();
  const role = useEditor((state) => state.role);
  const groups = menuOn(menu.on)
    .map((ids) => ids.map(commandById).filter((command) => isFor(role, command)))
    .filter((group) => group.length > 0);
  if (groups.length === 0) return null;
  const run = (command: Command<Desk>) => {
    isChosen.current = true;
    closeThen(close, focusGraph, () => command.run(desk));
  };
  return (
    <Radix.Root open modal={false} onOpenChange={(isOpen) => !isOpen && close()}>
      <Radix.Trigger asChild>
        <span
          aria-haspopup={undefined}
          aria-expanded={undefined}
          className="menu-point"
          style={{ left: menu.x, top: menu.y }}
        />
      </Radix.Trigger>
      <Radix.Portal container={portalPlace()}>
        <Radix.Content
          className="float menu"
          // Beside the point it moves up as far as it must, so that nothing of a long menu is cut off; a phone has no room there.
          side={isNarrow ? 'bottom' : 'right'}
          align="start"
          sideOffset={2}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!isChosen.current) focusGraph();
          }}
        >
          {groups.map((group, index) => (
            <div key={group[0]?.id} role="group" aria-label={`Group ${index + 1}`}>
              {index > 0 && <MenuLine />}
              {group.map((command) => (
                <MenuItem
                  key={command.id}
                  keys={command.keys?.[0]}
                  disabled={!mayRun(command, desk)}
                  danger={command.id.includes('delete')}
                  onSelect={() => run(command)}
                >
                  {command.title}
                </MenuItem>
              ))}
            </div>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A desk for which the middle is a point of the canvas. */
const deskAt = (desk: Desk, { x, y }: { x: number; y: number }): Desk => ({
  ...desk,
  camera: { ...desk.camera, centre: () => [x, y] },
});

/** The focus goes back to the graph, unless a press somewhere else took it; at once, since a command may put it elsewhere. */
function focusGraph(): void {
  if (document.activeElement !== document.body) return;
  const chosen = document.querySelector<HTMLElement>('.react-flow__node.selected, .react-flow__edge.selected');
  (chosen ?? document.querySelector<HTMLElement>('[data-focus="canvas"]'))?.focus({ preventScroll: true });
}
