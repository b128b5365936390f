import type { Edge, Node, Workflow } from '../document/workflow.ts';

/**
 * A graph from a drawing, for tests:
 *
 *     hook:start.webhook -> price -> big:rules.if
 *     big.true -> tell:test.effect -> reply
 *     big.false -> reply.in            # what follows a hash is a remark
 *
 * The type stands after a colon where a node is first named and is `test.pure` when it stands nowhere. A port behind a
 * dot belongs to the arrow's end; in the middle of a chain it is the port that the arrow enters. `nodes` adds params,
 * settings and so on by key. Nodes and edges keep the order of the drawing.
 */
export function draw(text: string, nodes: Readonly<Record<string, Partial<Node>>> = {}): Workflow {
  const drawn = new Map<string, Node>();
  const edges: Edge[] = [];
  for (const line of text.split('\n')) {
    const ends = readLine(line);
    for (const end of ends) nameNode(drawn, end);
    ends.slice(1).forEach((end, index) => edges.push(arrow(ends[index]!, end, index > 0)));
  }
  for (const [key, more] of Object.entries(nodes)) {
    const node = drawn.get(key);
    if (!node) throw new Error(`The drawing has no node ${key}.`);
    drawn.set(key, { ...node, ...more });
  }
  return { heddle: 1, name: 'Drawing', nodes: [...drawn.values()], edges };
}

interface End {
  readonly key: string;
  readonly port: string | undefined;
  readonly type: string | undefined;
}

function readLine(line: string): End[] {
  const plain = line.replace(/#.*/, '').trim();
  return plain === '' ? [] : plain.split('->').map((part) => readEnd(part.trim()));
}

const shape = /^([^\s.:]+)(?:\.([^\s.:]+))?(?::(\S+))?$/;

function readEnd(text: string): End {
  const parts = shape.exec(text);
  if (!parts) throw new Error(`Cannot read "${text}" in the drawing: write key, key.port or key:type.`);
  return { key: parts[1]!, port: parts[2], type: parts[3] };
}

function nameNode(drawn: Map<string, Node>, { key, type }: End): void {
  const known = drawn.get(key);
  if (!known) drawn.set(key, { key, type: type ?? 'test.pure' });
  else if (type !== undefined && type !== known.type) throw new Error(`The drawing gives ${key} two types.`);
}

const arrow = (from: End, to: End, passing: boolean): Edge => ({
  from: passing || from.port === undefined ? from.key : `${from.key}.${from.port}`,
  to: to.port === undefined ? to.key : `${to.key}.${to.port}`,
});
