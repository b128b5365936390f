import type { Issue, Node, Workflow } from '../../flow/document/workflow.ts';
import { fieldsOf } from '../forms/fields-of.ts';
import { isThere } from '../forms/is-there.ts';
import type { Field } from '../forms/field.ts';
import { isCurrent } from '../forms/kept.ts';
import type { KeptRoom } from '../forms/kept.ts';
import { stepsOf, valueAt } from '../forms/value-at.ts';
import type { EditorState, EditorStore } from './editor-state.ts';
import { keptIn } from './kept-forms.ts';
import { keyAt, stillWrong } from './key-taking.ts';
import type { TypedKey } from './key-taking.ts';

const codes = new Set([
  'row-twice',
  'row-nameless',
  'not-a-number',
  'not-a-duration',
  'key-refused',
  'key-taken',
  'choice-empty',
]);

/** Where a setting of a node is kept: beside the places of its params. */
export const settingAt = (name: string): string => `@settings.${name}`;

// What a check finds in the settings of a node: it knows no place there.
const ofSettings = new Set([...codes, 'retry-of-effect', 'duration-unusable', 'duration-absurd']);

/** Whether an Issue is fixed in the settings of its node, and not among its params. */
export const isOfSettings = ({ code, where }: Issue): boolean => where.param === undefined && ofSettings.has(code);

/** What was typed and is not in the draft, as Issues: the server cannot know of it, and without it the draft is not what is seen. */
export function keptIssues({ id, history, catalogue }: Pick<EditorState, 'id' | 'history' | 'catalogue'>): Issue[] {
  const rooms = keptIn(id);
  return history.document.nodes.flatMap((node) => {
    const room = rooms.get(node.key);
    const card = catalogue(node.type, node.version);
    if (!room || !card) return [];
    const fields = fieldsOf(card);
    return [...issuesIn(room, history.document, node, fields), ...chosenEmpty(room, node, fields)];
  });
}

/** What was chosen among several and is empty: the choice itself is nowhere in the document, so that nothing of it is sent. */
function chosenEmpty(room: KeptRoom, { key, params = {} }: Node, fields: readonly Field[]): Issue[] {
  const opened: unknown = room.get('', 'opened')?.value;
  if (!(opened instanceof Set)) return [];
  const isWritten = (name: string) => room.all().some(({ path, kept }) => path === name && kept.problems?.length);
  return fields
    .filter(({ name, either }) => either !== undefined && opened.has(name))
    .filter(({ name }) => params[name] === undefined && !isWritten(name))
    .map(({ name, title, either }) => ({
      level: 'warning',
      code: 'choice-empty',
      where: { node: key, param: name },
      message: `${title} is empty, so no ${either?.toLowerCase()} is sent.`,
      mend: `Enter it, or set ${either} to None.`,
    }));
}

function issuesIn(room: KeptRoom, document: Workflow, node: Node, fields: readonly Field[]): Issue[] {
  return room.all().flatMap(({ path, kept }) => {
    if (!kept.problems?.length || !isCurrent(kept, storedAt(node, path))) return [];
    if (path === keyAt && !stillWrong(document, node.key, kept.value as TypedKey)) return [];
    const isParam = !path.startsWith('@');
    if (isParam && !isThere(fields, node.params, room, path)) return [];
    const where = isParam ? { node: node.key, param: path } : { node: node.key };
    return kept.problems.map((problem): Issue => ({ level: 'error', where, ...problem }));
  });
}

/** What the document holds at the place at which something is kept. */
function storedAt({ key, params, settings }: Node, path: string): unknown {
  if (path === keyAt) return key;
  const inSettings = settingAt('');
  return path.startsWith(inSettings)
    ? valueAt(settings, stepsOf(path.slice(inSettings.length)))
    : valueAt(params, stepsOf(path));
}

/** Tells at once what has become of it; the check of the whole document comes later. */
export function tellKept(store: EditorStore): void {
  store.setState((state) => {
    const [before, now] = [state.issues.filter(({ code }) => codes.has(code)), keptIssues(state)];
    if (JSON.stringify(before) === JSON.stringify(now)) return {};
    return { issues: [...state.issues.filter(({ code }) => !codes.has(code)), ...now] };
  });
}
