import type { Workflow } from './workflow.ts';

/**
 * The document as text, always the same for the same document: fixed order of the envelope's fields, pins by key, the author's
 * order of nodes, edges and params, two spaces, what fits on a line on one, and a newline at the end.
 */
export function printWorkflow(document: Workflow): string {
  const { heddle, name, about, settings, nodes, edges, notes, groups, pins, tests } = document;
  const ordered = {
    heddle,
    name,
    about,
    nodes: nodes.map(({ key, type, version, title, at, note, params, settings: own }) => ({
      key,
      type,
      version,
      title,
      at,
      note,
      params,
      settings: own,
    })),
    edges: edges.map(({ from, to }) => ({ from, to })),
    notes: notes?.map(({ id, text, at, size, color }) => ({ id, text, at, size, color })),
    groups: groups?.map(({ id, title, nodes: members, collapsed, color }) => ({
      id,
      title,
      nodes: members,
      collapsed,
      color,
    })),
    settings,
    pins: pins && Object.fromEntries(Object.entries(pins).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    tests: tests?.map(({ name: test, start, input, with: stand, gives }) => ({
      name: test,
      start,
      input,
      with: stand,
      gives,
    })),
  };
  return `${print(ordered, '')}\n`;
}

const width = 120;

/** JSON in which a value that fits on a line stands on one, as people and prettier write it, so that diffs stay small. */
function print(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((entry) => print(entry, deeper))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => `${JSON.stringify(key)}: ${print(member, deeper)}`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return `${open}${close}`;
  const line = isList ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
  const isShort = indent !== '' && indent.length + line.length <= width && !line.includes('\n');
  return isShort ? line : `${open}\n${parts.map((part) => deeper + part).join(',\n')}\n${indent}${close}`;
}
