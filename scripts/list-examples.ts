import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { manifestOf, manifestWords, namesIn } from '../flow/check/manifest.ts';
import { parseWorkflow } from '../flow/document/parse.ts';
import { catalogue } from '../nodes/all.ts';

/** One file of the gallery: where it lies below the app's address, and what is in it. */
export interface ExampleFile {
  readonly place: string;
  readonly source: string;
}

/**
 * The finished workflows of a folder as the app fetches them: `examples/index.json` has what a card and its picture need, and
 * `examples/<name>/workflow.json` is the document whole. A document of its own folder, because a name such as `order-segments.json` would
 * look like a hashed, everlasting file. Throws for a document that does not parse.
 */
export function listExamples(folder: string): ExampleFile[] {
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.json'))
        .map((file) => file.slice(0, -'.json'.length))
        .sort()
    : [];
  const read = names.map((name) => {
    const source = readFileSync(path.join(folder, `${name}.json`), 'utf8');
    const parsed = parseWorkflow(source);
    if (!parsed.ok)
      throw new Error(`workflows-examples/${name}.json: ${parsed.issues[0]?.message ?? 'not a workflow'}`);
    return { name, source, document: parsed.document };
  });
  const items = read.map(({ name, document }) => ({
    name,
    title: document.about?.title ?? document.name,
    summary: document.about?.summary ?? '',
    category: document.about?.category ?? 'Other',
    tags: document.about?.tags ?? [],
    needs: document.about?.needs ?? [],
    may: manifestWords(manifestOf(document, catalogue), namesIn(document, catalogue)),
    nodes: document.nodes.map(({ key, type, title, at }) => ({ key, type, title, at })),
    edges: document.edges,
  }));
  return [
    { place: 'examples/index.json', source: JSON.stringify({ items }) },
    ...read.map(({ name, source }) => ({ place: `examples/${name}/workflow.json`, source })),
  ];
}
