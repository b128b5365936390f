import { Search } from 'lucide-react';
import { Command as Cmdk } from 'cmdk';
import { useRef, useSyncExternalStore } from 'react';
import * as Dialog from 'radix-ui/dialog';
import { navigate } from 'wouter/use-browser-location';
import type { Command } from '../commands/command.ts';
import { offered, onOffer } from '../commands/registry.ts';
import { closeThen } from '../ui/close-then.ts';
import { Keys } from '../ui/kbd.tsx';
import { giveBack, openerNow } from '../ui/opener.ts';
import { isWorkflow, PaletteWorkflows } from './palette-workflows.tsx';
import './palette.css';

/** Every command on offer, and the workflows to go to, found by typing. */
export default function Palette({ close, isMember }: { close: () => void; isMember: boolean }) {
  const commands = useSyncExternalStore(onOffer, offered).filter(({ when }) => when?.() ?? true);
  const isChosen = useRef(false);
  const opener = useRef<Element | null>(null);
  const run = (command: Pick<Command, 'run'>) => {
    isChosen.current = true;
    closeThen(close, () => giveBack(opener.current), command.run);
  };
  const groups = groupsOf(commands);
  const groupOf = ([group, members]: readonly [string, readonly Command[]]) => (
    <CommandGroup key={group} group={group} members={members} run={run} />
  );
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content
          className="dialog palette"
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            opener.current = openerNow();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!isChosen.current) giveBack(opener.current);
          }}
        >
          <Dialog.Title className="sr">Commands</Dialog.Title>
          <Cmdk label="Commands" loop filter={nearness}>
            <div className="picker-find">
              <Search className="i t3" aria-hidden />
              <Cmdk.Input
                className="bare-input"
                placeholder="Find a command or a workflow"
                aria-label="Find a command or a workflow"
              />
            </div>
            {/* A list of choices has nothing in it but choices. */}
            <Cmdk.Empty className="empty">No command and no workflow has these words.</Cmdk.Empty>
            <Cmdk.List className="palette-list">
              {groups.filter(([group]) => !isEverywhere(group)).map(groupOf)}
              {isMember && <PaletteWorkflows open={(path) => run({ run: () => navigate(path) })} />}
              {groups.filter(([group]) => isEverywhere(group)).map(groupOf)}
            </Cmdk.List>
          </Cmdk>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface GroupProps {
  readonly group: string;
  readonly members: readonly Command[];
  readonly run: (command: Command) => void;
}

const CommandGroup = ({ group, members, run }: GroupProps) => (
  <Cmdk.Group heading={group}>
    {members.map((command) => (
      <Cmdk.Item
        key={command.id}
        className="menu-item"
        value={`${command.title} ${command.id}`}
        keywords={[command.words ?? '', group]}
        onSelect={() => run(command)}
      >
        <span className="cut">{command.title}</span>
        {command.keys?.[0] && (
          <span className="end">
            <Keys keys={command.keys[0]} />
          </span>
        )}
      </Cmdk.Item>
    ))}
  </Cmdk.Group>
);

/** Every word must be there: at the beginning of the title best, then of any word. Letters here and there mean nothing. */
function nearness(value: string, search: string, keywords: readonly string[] = []): number {
  if (keywords.includes(isWorkflow)) return nearness(value, search) * 0.9;
  const title = value.toLowerCase();
  const all = [title, ...keywords].join(' ').toLowerCase();
  const words = search.trim().toLowerCase();
  if (title.startsWith(words)) return 1;
  const isIn = (word: string) => all.includes(` ${word}`) || all.startsWith(word);
  if (words.split(/\s+/).every(isIn)) return 0.6;
  return words.split(/\s+/).every((word) => all.includes(word)) ? 0.3 : 0;
}

/** By heading. */
function groupsOf(commands: readonly Command[]): [string, Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const group = command.group ?? 'Here';
    groups.set(group, [...(groups.get(group) ?? []), command]);
  }
  return [...groups];
}

const isEverywhere = (group: string) => group === 'Go to' || group === 'Appearance';
