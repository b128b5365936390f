import type { Issue } from '../../flow/document/workflow.ts';
import type { EditorState, EditorStore } from './editor-state.ts';

/**
 * What is wrong is told loudly once it is news to nobody: it stood in the document that was opened, somebody left the field, or
 * Run or Publish was tried. Until then a node that was just added is only not set up yet.
 */
export interface Told {
  /** Issues that were told, by `idOf`. */
  readonly issues: ReadonlySet<string>;
  /** Fields that somebody was in and left, as `key param`. */
  readonly left: ReadonlySet<string>;
}

export const nothingTold: Told = { issues: new Set(), left: new Set() };

const idOf = ({ where, code }: Issue): string => `${where.node ?? ''} ${where.param ?? code}`;

/** Tells what is wrong now, all of it. */
export function tellAll(store: EditorStore): void {
  store.setState(({ told, issues }) => ({ told: { ...told, issues: new Set([...told.issues, ...issues.map(idOf)]) } }));
}

/** Somebody left a field of a node. */
export function leaveField(store: EditorStore, key: string, path: string): void {
  store.setState(({ told }) =>
    told.left.has(`${key} ${path}`) ? {} : { told: { ...told, left: new Set([...told.left, `${key} ${path}`]) } },
  );
}

/** Whether an Issue is told at its field. */
export function isTold({ issues, left }: Told, issue: Issue): boolean {
  const { node, param } = issue.where;
  if (node === undefined || (param === undefined && !issue.code.startsWith('param-'))) return true;
  if (issues.has(idOf(issue))) return true;
  return param !== undefined && placesAround(param).some((place) => left.has(`${node} ${place}`));
}

/** `rules[0].every` lies in `rules[0]` and in `rules`: who leaves the list has left its fields. */
const placesAround = (param: string): string[] =>
  [...param.matchAll(/[.[]|$/g)].map(({ index }) => param.slice(0, index)).filter((place) => place !== '');

/** What a template, a new condition or a node that is not connected yet leaves to be filled in: nothing is wrong, and nothing works until it is done. */
export const isToFillIn = ({ code, level }: Issue): boolean =>
  code === 'address-example' || code === 'condition-empty' || (code === 'param-missing' && level === 'warning');

type Checked = Pick<EditorState, 'issues' | 'history' | 'told'>;

/** How much there is of what is to be done, worst first, each with its word. That nothing starts an empty workflow is no news until somebody runs it. */
function countsOf({ issues, history, told }: Checked): (readonly [count: number, words: string])[] {
  if (history.document.nodes.length === 0 && told.issues.size === 0) return [];
  const errors = issues.filter(({ level }) => level === 'error').length;
  const left = issues.filter(isToFillIn).length;
  const warnings = issues.filter((issue) => issue.level === 'warning' && !isToFillIn(issue)).length;
  const counts = [
    [errors, 'to fix'],
    [left, 'to fill in'],
    [warnings, warnings === 1 ? 'warning' : 'warnings'],
  ] as const;
  return counts.filter(([count]) => count > 0);
}

/** How many there are in all. */
export const countOf = (checked: Checked): number => countsOf(checked).reduce((sum, [count]) => sum + count, 0);

/** The name of the way to the list, with what stands in it: `Issues, 1 to fix`, or `Issues, 3: 1 to fix, 2 warnings`. */
export function issueWords(checked: Checked): string {
  const counts = countsOf(checked);
  const words = counts.map(([count, what]) => `${count} ${what}`).join(', ');
  if (counts.length === 0) return 'Issues';
  return counts.length === 1 ? `Issues, ${words}` : `Issues, ${countOf(checked)}: ${words}`;
}

/** What a card says of its node: what is wrong, or that it needs setup, which is nobody's fault. */
export function troubleOf({ issues, told }: Pick<EditorState, 'issues' | 'told'>) {
  const errors = issues.filter(({ level, where }) => level === 'error' && where.node !== undefined);
  // A field that was left empty says so itself; its card goes on waiting for it.
  const isLoud = (issue: Issue) =>
    issue.code === 'param-missing' ? told.issues.has(idOf(issue)) : isTold(told, issue);
  // How a graph hangs together is no news while it is drawn: a node is added before it is connected.
  const isWarned = (issue: Issue) =>
    issue.where.param === undefined ? told.issues.has(idOf(issue)) : isTold(told, issue);
  const wrong = new Set(errors.filter(isLoud).map(({ where }) => where.node));
  const warnings = issues.filter(
    (issue) => issue.level === 'warning' && issue.where.node !== undefined && !isToFillIn(issue) && isWarned(issue),
  );
  const loud = [...errors.filter(isLoud), ...warnings];
  const waiting = [...errors, ...issues.filter(isToFillIn)];
  // It is listed all the same: a small sign says at which node, once nobody is at work there.
  const quiet = issues.filter(
    (issue) =>
      issue.level === 'warning' && issue.where.node !== undefined && !isToFillIn(issue) && !loud.includes(issue),
  );
  const unready = new Set(waiting.flatMap(({ where }) => (where.node && !wrong.has(where.node) ? [where.node] : [])));
  return { loud, quiet, unready };
}
