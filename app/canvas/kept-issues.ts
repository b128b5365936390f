import type { Issue, Node } from '../../flow/document/workflow.ts';
import { fieldsOf } from '../forms/fields-of.ts';
import { isThere } from '../forms/is-there.ts';
import type { Field } from '../forms/field.ts';
import { isCurrent } from '../forms/kept.ts';
import type { KeptRoom } from '../forms/kept.ts';
import { stepsOf, valueAt } from '../forms/value-at.ts';
import type { EditorState, EditorStore } from './editor-state.ts';
import { keptIn } from './kept-forms.ts';

const codes = new Set(['row-twice', 'row-nameless', 'not-a-number', 'not-a-duration']);

/** Where a setting of a node is kept: beside the places of its params. */
export const settingAt = (name: string): string => `@settings.${name}`;

/** What was typed and is not in the draft, as Issues: the server cannot know of it, and without it the draft is not what is seen. */
export function keptIssues({ id, history, catalogue }: Pick<EditorState, 'id' | 'history' | 'catalogue'>): Issue[] {
  const rooms = keptIn(id);
  return history.document.nodes.flatMap((node) => {
    const room = rooms.get(node.key);
    const card = catalogue(node.type, node.version);
    return room && card ? issuesIn(room, node, fieldsOf(card)) : [];
  });
}

function issuesIn(room: KeptRoom, { key, params, settings }: Node, fields: readonly Field[]): Issue[] {
  return room.all().flatMap(({ path, kept }) => {
    if (!kept.problems?.length) return [];
    const isSetting = path.startsWith(settingAt(''));
    const value = isSetting
      ? valueAt(settings, stepsOf(path.slice(settingAt('').length)))
      : valueAt(params, stepsOf(path));
    if (!isCurrent(kept, value) || !(isSetting || isThere(fields, params, room, path))) return [];
    const where = isSetting ? { node: key } : { node: key, param: path };
    return kept.problems.map((problem): Issue => ({ level: 'error', where, ...problem }));
  });
}

/** Tells at once what has become of it; the check of the whole document comes later. */
export function tellKept(store: EditorStore): void {
  store.setState((state) => {
    const [before, now] = [state.issues.filter(({ code }) => codes.has(code)), keptIssues(state)];
    if (JSON.stringify(before) === JSON.stringify(now)) return {};
    return { issues: [...state.issues.filter(({ code }) => !codes.has(code)), ...now] };
  });
}
