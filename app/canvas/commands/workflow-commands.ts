import { hasAddress } from '../addresses.ts';
import { heardOf, sampleCall, hookOf, listen, stopListening } from '../listening.ts';
import { discardChanges, turnOn } from '../going-live.ts';
import { complain } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { chosenKey, edit } from '../editing.ts';
import { createWorkflow } from '../../api/workflows.ts';
import { saveFile } from '../../ui/save-file.ts';
import { fileName } from '../../ui/file-name.ts';
import type { Command } from '../../commands/command.ts';

const state = ({ store }: Desk) => store.getState();
const heard = (desk: Desk) => heardOf(desk, chosenKey(state(desk).selection));
const hook = (desk: Desk) => hookOf(desk, chosenKey(state(desk).selection));

const publish: Command<Desk> = {
  id: 'workflow.publish',
  needs: 'editor',
  title: 'Publish',
  group: 'Workflow',
  words: 'live release deploy',
  keys: ['Mod+Shift+P'],
  reach: 'everywhere',
  run: (desk) => desk.store.setState({ isPublishOpen: true }),
};

const save: Command<Desk> = {
  id: 'workflow.save',
  needs: 'editor',
  title: 'Save the draft now',
  group: 'Workflow',
  keys: ['Mod+S'],
  reach: 'everywhere',
  run: async (desk) => {
    try {
      await desk.save();
    } catch (error) {
      complain(desk, 'It was not saved.', error);
    }
  },
};

const sheet = (
  id: string,
  title: string,
  words: string,
  open: 'changes' | 'addresses' | 'turn-off',
): Command<Desk> => ({
  id: `workflow.${id}`,
  title,
  group: 'Workflow',
  words,
  run: (desk) => desk.store.setState({ open }),
});

const isLive = (desk: Desk): boolean => state(desk).published !== undefined;
const hasChanges = (desk: Desk): boolean => (state(desk).changes?.length ?? 0) > 0;

const turnOnAgain: Command<Desk> = {
  id: 'workflow.turn-on',
  needs: 'editor',
  title: 'Turn on the last live version',
  group: 'Workflow',
  words: 'activate enable publish live',
  when: (desk) => !isLive(desk) && state(desk).latest !== undefined,
  run: (desk) => {
    const { latest } = state(desk);
    return latest === undefined ? undefined : turnOn(desk, latest);
  },
};

const discard: Command<Desk> = {
  id: 'workflow.discard-changes',
  needs: 'editor',
  title: 'Discard changes since the live version',
  group: 'Workflow',
  words: 'restore revert reset',
  undo: 'discard',
  when: hasChanges,
  run: discardChanges,
};

const listenHere: Command<Desk> = {
  id: 'webhook.listen',
  needs: 'editor',
  title: 'Listen for a test call',
  group: 'Run',
  words: 'webhook test url catch sample hook form preview',
  when: (desk) => heard(desk) !== undefined && !state(desk).listening,
  run: (desk) => {
    const node = heard(desk);
    return node && listen(desk, node.key);
  },
};

const stopHere: Command<Desk> = {
  id: 'webhook.stop-listening',
  needs: 'editor',
  title: 'Stop listening',
  group: 'Run',
  when: (desk) => state(desk).listening !== undefined,
  run: stopListening,
};

const sample: Command<Desk> = {
  id: 'webhook.sample',
  needs: 'editor',
  title: 'Use a sample call',
  group: 'Run',
  words: 'webhook example mock pin',
  undo: 'pin',
  when: (desk) => {
    const node = hook(desk);
    return node !== undefined && state(desk).history.document.pins?.[node.key] === undefined;
  },
  run: (desk) => {
    const node = hook(desk);
    if (node) edit(desk.store, { do: 'set-pin', key: node.key, pinned: sampleCall(node) }, 'Use a sample call');
  },
};

const clearRun: Command<Desk> = {
  id: 'run.clear-data',
  title: 'Stop using the data of the run',
  group: 'Run',
  when: (desk) => state(desk).usedRun !== undefined,
  run: (desk) => desk.store.setState({ usedRun: undefined, usedData: undefined }),
};

const duplicate: Command<Desk> = {
  id: 'workflow.duplicate',
  needs: 'editor',
  title: 'Duplicate the workflow',
  group: 'Workflow',
  words: 'copy clone',
  run: async (desk) => {
    const { document } = state(desk).history;
    try {
      const { id } = await createWorkflow({ ...document, name: `${document.name.slice(0, 190)} (copy)` });
      desk.open(`/workflows/${id}`);
    } catch (error) {
      complain(desk, 'It was not duplicated.', error);
    }
  },
};

const download: Command<Desk> = {
  id: 'workflow.download',
  title: 'Download as JSON',
  group: 'Workflow',
  words: 'export file backup',
  run: (desk) => {
    const { document } = state(desk).history;
    saveFile(fileName(document.name), JSON.stringify(document, null, 2));
  },
};

const runs: Command<Desk> = {
  id: 'workflow.runs',
  title: 'See the runs of this workflow',
  group: 'Workflow',
  words: 'history executions log',
  run: (desk) => desk.open(`/runs?workflow=${encodeURIComponent(state(desk).id)}`),
};

/** What can be done with the workflow as a whole; all of it works on what is on the canvas, stored or not. */
export const workflowCommands: readonly Command<Desk>[] = [
  publish,
  { ...sheet('changes', 'Show changes since the live version', 'diff compare draft', 'changes'), when: hasChanges },
  discard,
  {
    ...sheet('turn-off', 'Turn off', 'deactivate disable unpublish pause stop', 'turn-off'),
    needs: 'editor',
    when: isLive,
  },
  turnOnAgain,
  {
    ...sheet('addresses', 'Show URLs', 'webhook form address link curl', 'addresses'),
    when: (desk) => state(desk).history.document.nodes.some(hasAddress),
  },
  listenHere,
  stopHere,
  sample,
  clearRun,
  save,
  duplicate,
  download,
  runs,
];
