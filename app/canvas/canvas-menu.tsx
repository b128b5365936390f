import * as Radix from 'radix-ui/dropdown-menu';
import { useRef } from 'react';
import { mayRun } from '../commands/command.ts';
import type { Command } from '../commands/command.ts';
import { commandById } from '../commands/editor-commands.ts';
import { MenuItem, MenuLine } from '../ui/menu.tsx';
import { portalPlace } from '../ui/portal-place.ts';
import { useDesk } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import type { MenuPlace, MenuThing } from './graph.tsx';

/** A menu under the right button: where, and what it is about; without that, the canvas. */
export interface Menu extends MenuPlace {
  readonly on: MenuThing['kind'] | undefined;
}

const whole = [
  ['node.add', 'run.one', 'run.up-to-here', 'node.pin'],
  ['node.connect', 'node.disconnect'],
  ['node.rename', 'node.disable'],
  ['selection.copy', 'selection.cut', 'canvas.paste', 'selection.duplicate', 'canvas.note'],
  ['selection.all', 'canvas.tidy'],
  ['node.delete-and-reconnect', 'selection.delete'],
];

const lines: Readonly<Record<MenuThing['kind'], readonly (readonly string[])[]>> = {
  node: whole,
  note: [['selection.copy', 'selection.cut', 'selection.duplicate'], ['selection.delete']],
  edge: [['edge.insert'], ['selection.delete']],
};

/** The menu under the right button: the same commands as everywhere. */
export default function CanvasMenu({ menu, close }: { menu: Menu; close: () => void }) {
  const desk = useDesk();
  const chosen = useRef<Command<Desk>>(undefined);
  return (
    <Radix.Root open modal={false} onOpenChange={(isOpen) => !isOpen && close()}>
      <Radix.Trigger asChild>
        <span style={{ position: 'fixed', left: menu.x, top: menu.y }} />
      </Radix.Trigger>
      <Radix.Portal container={portalPlace()}>
        <Radix.Content
          className="float menu"
          align="start"
          sideOffset={2}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            focusGraph();
            void chosen.current?.run(desk);
          }}
        >
          {(menu.on ? lines[menu.on] : whole).map((ids, index) => (
            <div key={ids[0]} role="group" aria-label={`Group ${index + 1}`}>
              {index > 0 && <MenuLine />}
              {ids.map(commandById).map((command) => (
                <MenuItem
                  key={command.id}
                  keys={command.keys?.[0]}
                  disabled={!mayRun(command, desk)}
                  danger={command.id.includes('delete')}
                  onSelect={() => (chosen.current = command)}
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

/** The focus goes back to the graph, unless a press somewhere else took it; at once, since a command may put it elsewhere. */
function focusGraph(): void {
  if (document.activeElement !== document.body) return;
  const chosen = document.querySelector<HTMLElement>('.react-flow__node.selected, .react-flow__edge.selected');
  (chosen ?? document.querySelector<HTMLElement>('[data-focus="canvas"]'))?.focus({ preventScroll: true });
}
