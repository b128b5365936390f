import {
  Activity,
  Copy,
  Download,
  Ellipsis,
  GitCompare,
  Link2,
  Power,
  PowerOff,
  Radio,
  Redo2,
  Search,
  Undo2,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useStore } from 'zustand';
import { isFor, mayRun } from '../commands/command.ts';
import { commandById } from './commands/editor-commands.ts';
import { openPalette } from '../commands/palette-open.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuHead, MenuItem, MenuLine } from '../ui/menu.tsx';
import { hasAddress } from './addresses.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import { liveWords } from './live-words.ts';
import { mayEdit } from './may-edit.ts';
import { useNarrow } from './use-narrow.ts';

/** What the bar has no room for, and what is done with the workflow as a whole. */
export function BarMenu() {
  const isNarrow = useNarrow();
  const live = useEditor(liveWords);
  const isCalled = useEditor(({ history }) => history.document.nodes.some(hasAddress));
  const isLive = useEditor(({ published }) => published !== undefined);
  const changes = useEditor((state) => state.changes?.length ?? 0);
  const latest = useEditor((state) => state.latest);
  const mayDraw = useEditor(mayEdit);
  return (
    <Menu
      trigger={
        <Button tone="quiet" className="icon" aria-label="More for this workflow">
          <Ellipsis className="i" aria-hidden />
        </Button>
      }
    >
      <MenuHead>{live}</MenuHead>
      {isNarrow && (
        <>
          <Item id="edit.undo" icon={Undo2} />
          <Item id="edit.redo" icon={Redo2} />
          <MenuItem icon={<Search className="i" aria-hidden />} keys="Mod+K" onSelect={openPalette}>
            Commands
          </MenuItem>
          <MenuLine />
        </>
      )}
      {isCalled && <Item id="workflow.addresses" icon={Link2} />}
      <Item id="webhook.listen" icon={Radio} isHidden />
      {changes > 0 && <Item id="workflow.changes" icon={GitCompare} />}
      {isLive && <Item id="workflow.turn-off" icon={PowerOff} />}
      {!isLive && latest !== undefined && (
        <Item id="workflow.turn-on" icon={Power} title={`Turn on version ${latest}`} />
      )}
      {(mayDraw || isCalled || changes > 0) && <MenuLine />}
      <Item id="workflow.duplicate" icon={Copy} />
      <Item id="workflow.download" icon={Download} />
      <Item id="workflow.runs" icon={Activity} />
    </Menu>
  );
}

interface ItemProps {
  readonly id: string;
  readonly icon: LucideIcon;
  readonly title?: string;
  /** Gone, and not only off, while it may not be run. */
  readonly isHidden?: boolean;
}

function Item({ id, icon: Icon, title, isHidden = false }: ItemProps) {
  const desk = useDesk();
  const command = commandById(id);
  const may = useStore(desk.store, () => mayRun(command, desk));
  const isOffered = useEditor(({ role }) => isFor(role, command));
  if (!isOffered || (!may && isHidden)) return null;
  return (
    <MenuItem
      icon={<Icon className="i" aria-hidden />}
      keys={command.keys?.[0]}
      disabled={!may}
      onSelect={() => void command.run(desk)}
    >
      {title ?? command.title}
    </MenuItem>
  );
}
