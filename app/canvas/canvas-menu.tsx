import * as Radix from 'radix-ui/dropdown-menu';
import { mayRun } from '../commands/command.ts';
import { commandById } from '../commands/editor-commands.ts';
import { MenuItem, MenuLine } from '../ui/menu.tsx';
import { useDesk } from './desk-context.tsx';
import type { MenuPlace } from './graph.tsx';

const lines = [
  ['node.add', 'run.one', 'run.up-to-here', 'node.pin'],
  ['node.connect', 'node.disconnect'],
  ['node.rename', 'node.disable'],
  ['selection.copy', 'selection.cut', 'canvas.paste', 'selection.duplicate', 'canvas.note'],
  ['selection.all', 'canvas.tidy'],
  ['node.delete-and-reconnect', 'selection.delete'],
];

/** The menu under the right button: the same commands as everywhere. */
export default function CanvasMenu({ place, close }: { place: MenuPlace; close: () => void }) {
  const desk = useDesk();
  return (
    <Radix.Root open modal={false} onOpenChange={(isOpen) => !isOpen && close()}>
      <Radix.Trigger asChild>
        <span style={{ position: 'fixed', left: place.x, top: place.y }} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="float menu" align="start" sideOffset={2} collisionPadding={8}>
          {lines.map((ids, index) => (
            <div key={ids[0]} role="group" aria-label={`Group ${index + 1}`}>
              {index > 0 && <MenuLine />}
              {ids.map(commandById).map((command) => (
                <MenuItem
                  key={command.id}
                  keys={command.keys?.[0]}
                  disabled={!mayRun(command, desk)}
                  danger={command.id.includes('delete')}
                  onSelect={() => void command.run(desk)}
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
