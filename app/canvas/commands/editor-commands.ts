import type { Desk } from '../desk.ts';
import type { Command } from '../../commands/command.ts';
import { editCommands } from './edit-commands.ts';
import { graphCommands } from './graph-commands.ts';
import { iterationCommands } from './iteration-commands.ts';
import { workflowCommands } from './workflow-commands.ts';

/** Every command of the editor. */
export const editorCommands: readonly Command<Desk>[] = [
  ...editCommands,
  ...graphCommands,
  ...workflowCommands,
  ...iterationCommands,
];

/** A command by its id, for menus and buttons that name it. */
export function commandById(id: string): Command<Desk> {
  const found = editorCommands.find((command) => command.id === id);
  if (!found) throw new Error(`There is no command ${id}.`);
  return found;
}
