import { useSyncExternalStore } from 'react';
import type { Command } from '../commands/command.ts';
import { offered, onOffer } from '../commands/registry.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Button } from '../ui/button.tsx';
import { Keys } from '../ui/kbd.tsx';
import './shortcuts.css';

/** Every key that does something here, by what it does. */
export default function Shortcuts({ close }: { close: () => void }) {
  const commands = useSyncExternalStore(onOffer, offered).filter(({ keys }) => keys?.[0] !== undefined);
  const groups = Map.groupBy(commands, ({ group }) => group ?? 'Here');
  return (
    <Dialog open onClose={close} title="Keyboard shortcuts" foot={<Button onClick={close}>Close</Button>}>
      <div className="col gap-14 shortcuts" tabIndex={0} role="group" aria-label="Shortcuts">
        {[...groups].map(([group, members]) => (
          <section key={group} aria-label={group}>
            <h3 className="label">{group}</h3>
            <ul className="col gap-2">
              {members.map((command) => (
                <Line key={command.id} command={command} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

const Line = ({ command }: { command: Command }) => (
  <li className="row small shortcut">
    <span className="grow">{command.title}</span>
    <Keys keys={command.keys?.[0] ?? ''} />
  </li>
);
