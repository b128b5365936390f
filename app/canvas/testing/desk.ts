import type { Workflow } from '../../../flow/document/workflow.ts';
import { commandById } from '../commands/editor-commands.ts';
import { mayRun } from '../../commands/command.ts';
import type { Desk } from '../desk.ts';
import { openEditor } from '../editor-state.ts';
import type { Remote } from '../../api/remote.ts';
import { known } from './cards.ts';

const never = () => Promise.reject(new Error('This test asks no server.'));

/** A desk without a page and a server, over a document; the clipboard is its own. */
export function deskOver(document: Workflow) {
  const store = openEditor({ id: 'w', revision: 1, document }, known);
  let clipboard = '';
  const desk: Desk = {
    store,
    remote: new Proxy({}, { get: () => never }) as Remote,
    camera: { fit: () => {}, fitCalmly: () => {}, zoomBy: () => {}, centre: () => [400, 300], show: () => {} },
    clipboard: {
      readText: () => Promise.resolve(clipboard),
      writeText: (text) => Promise.resolve(void (clipboard = text)),
    },
    say: () => {},
    tidy: () => Promise.resolve(new Map()),
    save: () => Promise.resolve({ revision: 1, document: store.getState().history.document }),
    layOver: () => {},
    later: () => () => {},
    focus: () => {},
    isFocusing: () => false,
    open: () => {},
  };
  /** Runs a command where it may be run; says whether it was. */
  const run = async (id: string): Promise<boolean> => {
    const command = commandById(id);
    if (!mayRun(command, desk)) return false;
    await command.run(desk);
    return true;
  };
  return { desk, store, run };
}
