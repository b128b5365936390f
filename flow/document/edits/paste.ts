import { freshKey, keysOf } from '../keys.ts';
import { splitEnd } from '../ports.ts';
import { quote } from '../quote.ts';
import type { Workflow } from '../workflow.ts';
import type { EditOf } from './edit.ts';
import { refuse, withSection } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { renamedEnd, renamedNode } from './rename-key.ts';

type Paste = EditOf<'paste'>;
type Point = NonNullable<Paste['by']>;

/** Adds a piece of a graph under names that are free; which those are follows from the document alone. */
export function paste(document: Workflow, edit: Paste): Outcome {
  const inside = new Set(edit.nodes.map(({ key }) => key));
  const stray = edit.edges.find(({ from, to }) => ![from, to].every((end) => inside.has(splitEnd(end).key)));
  if (inside.size < edit.nodes.length) return refuse({}, 'The piece holds one key twice.', 'Copy it again.');
  if (stray) {
    const says = `The piece has an edge ${quote(`${stray.from} → ${stray.to}`)} that leaves it.`;
    return refuse({}, says, 'Copy the nodes at both ends, or leave the edge out.');
  }
  const keys = freshNames([...inside], namedIn(document), freshKey);
  const rename = (key: string) => keys.get(key) ?? key;
  const by = edit.by ?? ([0, 0] satisfies Point);
  // Where every key was free nothing is renamed, and nothing needs to be read.
  const isRenamed = [...keys].some(([key, to]) => key !== to);
  const nodes = edit.nodes.map((node) => moved(isRenamed ? renamedNode(node, rename) : node, by));
  const edges = edit.edges.map(({ from, to }) => ({ from: renamedEnd(from, rename), to: renamedEnd(to, rename) }));
  const notes = freshMarks(edit.notes ?? [], document.notes ?? []).map((note) => moved(note, by));
  const groups = freshMarks(edit.groups ?? [], document.groups ?? []).map((group) => ({
    ...group,
    nodes: group.nodes.filter((key) => inside.has(key)).map(rename),
  }));
  const bare = { ...document, nodes: [...document.nodes, ...nodes], edges: [...document.edges, ...edges] };
  const noted = withSection(bare, 'notes', [...(document.notes ?? []), ...notes]);
  return {
    document: withSection(noted, 'groups', [...(document.groups ?? []), ...groups]),
    undo: {
      do: 'batch',
      edits: [
        ...groups.map(({ id }) => ({ do: 'remove-group' as const, id })),
        ...notes.map(({ id }) => ({ do: 'remove-note' as const, id })),
        ...nodes.map(({ key }) => ({ do: 'remove-node' as const, key })),
      ],
    },
  };
}

/** Every key that something in the document names, with or without a node: a pasted node must not catch old edges. */
function namedIn(document: Workflow): Set<string> {
  const ends = document.edges.flatMap(({ from, to }) => [splitEnd(from).key, splitEnd(to).key]);
  const members = (document.groups ?? []).flatMap(({ nodes }) => nodes);
  return new Set([...keysOf(document), ...ends, ...members, ...Object.keys(document.pins ?? {})]);
}

/** A free name for each: its own where that is free, and never one that another of the piece keeps. */
function freshNames(
  names: readonly string[],
  taken: ReadonlySet<string>,
  fresh: (name: string, taken: ReadonlySet<string>) => string,
): Map<string, string> {
  const used = new Set([...taken, ...names]);
  const chosen = new Map<string, string>();
  for (const name of names) {
    const own = taken.has(name) ? fresh(name, used) : name;
    used.add(own);
    chosen.set(name, own);
  }
  return chosen;
}

function freshMarks<Mark extends { id: string }>(marks: readonly Mark[], old: readonly Mark[]): Mark[] {
  const ids = new Set(old.map(({ id }) => id));
  return marks.map((mark) => {
    const id = ids.has(mark.id) ? freshId(mark.id, ids) : mark.id;
    ids.add(id);
    return { ...mark, id };
  });
}

function freshId(id: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number++) if (!taken.has(`${id}-${number}`)) return `${id}-${number}`;
}

const moved = <Placed extends { at?: Point | undefined }>(placed: Placed, [x, y]: Point): Placed =>
  placed.at ? { ...placed, at: [placed.at[0] + x, placed.at[1] + y] } : placed;
