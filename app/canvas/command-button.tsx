import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { isFor, mayRun, press } from '../commands/command.ts';
import { commandById } from './commands/editor-commands.ts';
import { IconButton } from '../ui/button.tsx';
import { useDesk } from './desk-context.tsx';

/** A picture that runs a command, with its name and key in the tip; dim while it may not be run. Who may never run it does not see it. */
export function CommandButton({ id, children, size = 'md' }: { id: string; children: ReactNode; size?: 'sm' | 'md' }) {
  const desk = useDesk();
  const command = commandById(id);
  const may = useStore(desk.store, () => mayRun(command, desk));
  const isOffered = useStore(desk.store, ({ role }) => isFor(role, command));
  if (!isOffered) return null;
  return (
    <IconButton
      label={command.title}
      keys={command.keys?.[0]}
      size={size}
      disabled={!may}
      onClick={(event) => press(command, desk, event)}
    >
      {children}
    </IconButton>
  );
}
