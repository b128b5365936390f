import type * as z from 'zod';
import { bounds, breachOf } from './bounds.ts';
import type { Breach } from './bounds.ts';
import { misfitWords } from './misfit-words.ts';
import { isObject } from './json.ts';
import { brokenWords } from '../values/broken-json.ts';
import { nearest, plain, quote } from './quote.ts';
import { upgradeDocument } from './upgrade.ts';
import { edge, group, node, nodeSettings, note, retry, workflow, workflowSettings, workflowTest } from './workflow.ts';
import type { Issue, Workflow } from './workflow.ts';

export type ParsedWorkflow =
  | { readonly ok: true; readonly document: Workflow }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * Reads a document from its text, or from JSON that was read already; never throws. The envelope is strict: an unknown
 * field is an Issue of level error. Params are anything. Older formats are upgraded on the way; empty lists of notes,
 * groups, pins and tests count as absent.
 */
export function parseWorkflow(input: unknown): ParsedWorkflow {
  const read = typeof input === 'string' ? readText(input) : { value: input };
  if ('issue' in read) return refused([read.issue]);
  const breach = breachOf(read.value);
  if (breach) return refused([breachIssue(breach, read.value)]);
  const upgraded = upgradeDocument(read.value);
  if ('issue' in upgraded) return refused([upgraded.issue]);
  const parsed = workflow.safeParse(upgraded.value);
  if (!parsed.success)
    return refused(parsed.error.issues.slice(0, 100).map((found) => envelopeIssue(found, upgraded.value)));
  const document = tidy(parsed.data);
  const issues = duplicates(document);
  return issues.length > 0 ? refused(issues) : { ok: true, document };
}

const refused = (issues: readonly Issue[]): ParsedWorkflow => ({ ok: false, issues });

const issue = (code: string, where: Issue['where'], message: string, mend: string): Issue => ({
  level: 'error',
  code,
  where,
  message,
  mend,
});

function readText(text: string): { value: unknown } | { issue: Issue } {
  if (text.length > bounds.characters) {
    return { issue: issue('document.too-large', {}, 'The document is larger than 20 million characters.', tooMuch) };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    const message = `The document is not JSON. ${plain(brokenWords(text))}`;
    return {
      issue: issue(
        'document.not-json',
        {},
        message,
        'Correct the text at that place; JSON allows no remarks and no comma at the end of a list.',
      ),
    };
  }
}

const tooMuch = 'Move large data out of the document: into a file, a data table, or a workflow of its own.';

const breachWords: Readonly<Record<Breach['why'], readonly [code: string, says: string, mend: string]>> = {
  depth: ['document.too-deep', `is nested deeper than ${bounds.depth} levels`, 'Make the value flatter.'],
  values: ['document.too-large', 'comes after two million values, which is where documents end', tooMuch],
  'not-json': [
    'document.not-json',
    'is not a JSON value',
    'Write text, a finite number, true, false, null, a list or an object.',
  ],
  'forbidden-key': ['document.forbidden-key', 'is a name that no field may have', 'Choose another name.'],
};

function breachIssue({ path, why }: Breach, value: unknown): Issue {
  const [code, says, mend] = breachWords[why];
  return issue(code, whereOf(path, value), `${placeOf(path)} ${says}.`, mend);
}

/** What the fields of an object of the envelope are called, to say which one was meant. */
const fieldsAt = (path: readonly PropertyKey[]): string[] => {
  const [first, , third, fourth] = path;
  if (path.length === 0) return Object.keys(workflow.shape);
  if (first === 'nodes' && third === 'settings')
    return Object.keys(fourth === 'retry' ? retry.shape : nodeSettings.shape);
  if (first === 'settings') return path.length === 1 ? Object.keys(workflowSettings.shape) : [];
  const shapes: Readonly<Record<string, z.ZodObject>> = {
    nodes: node,
    edges: edge,
    notes: note,
    groups: group,
    tests: workflowTest,
  };
  return typeof first === 'string' && Object.hasOwn(shapes, first) ? Object.keys(shapes[first]!.shape) : [];
};

function envelopeIssue(found: z.core.$ZodIssue, value: unknown): Issue {
  const where = whereOf(found.path, value);
  const place = placeOf(found.path);
  if (found.code !== 'unrecognized_keys') {
    return issue(
      'document.invalid',
      where,
      `${place} ${fittingWords(misfitWords(found))}`,
      'Correct the value, or leave the field out.',
    );
  }
  const [name = ''] = found.keys;
  const meant = nearest(name, fieldsAt(found.path));
  const mend =
    meant === undefined ? 'Remove it; what belongs to a node alone goes into its params.' : `Write ${meant}.`;
  return issue('document.unknown-field', where, `${place} has no field ${quote(name)}.`, mend);
}

/** What stands behind the place: a claim goes on the sentence, what is a sentence itself stands as one. */
const fittingWords = (words: string): string => sentence(/^[a-z]/.test(words) ? words : `does not fit: ${words}`);

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'The document';
  const written = path
    .slice(0, 12)
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step).slice(0, 40)}`));
  return quote(`${written.join('').replace(/^\./, '')}${path.length > 12 ? '…' : ''}`).slice(1, -1);
}

function whereOf(path: readonly PropertyKey[], value: unknown): Issue['where'] {
  const [section, index, inside, param] = path;
  if (typeof index !== 'number' || !isObject(value)) return {};
  if (section === 'edges') return { edge: index };
  const nodes = value['nodes'];
  const at: unknown = section === 'nodes' && Array.isArray(nodes) ? nodes[index] : undefined;
  if (!isObject(at) || typeof at['key'] !== 'string') return {};
  return {
    node: at['key'].slice(0, 200),
    ...(inside === 'params' && typeof param === 'string' ? { param: param.slice(0, 200) } : {}),
  };
}

const hasEntries = (section: object | undefined): boolean => section !== undefined && Object.keys(section).length > 0;

function tidy({ notes, groups, pins, tests, ...rest }: Workflow): Workflow {
  return {
    ...rest,
    ...(hasEntries(notes) ? { notes } : {}),
    ...(hasEntries(groups) ? { groups } : {}),
    ...(hasEntries(pins) ? { pins } : {}),
    ...(hasEntries(tests) ? { tests } : {}),
  };
}

/** Keys and ids are identity: a document in which one names two things cannot be edited safely, so it is refused. */
function duplicates({ nodes, notes = [], groups = [] }: Workflow): Issue[] {
  return [
    ...[...repeated(nodes.map(({ key }) => key))].map((key) =>
      issue(
        'document.duplicate-key',
        { node: key },
        `Two nodes have the key ${quote(key)}.`,
        'Give one of them another key.',
      ),
    ),
    ...[...repeated(notes.map(({ id }) => id))].map((id) =>
      issue('document.duplicate-id', {}, `Two notes have the id ${quote(id)}.`, 'Give one of them another id.'),
    ),
    ...[...repeated(groups.map(({ id }) => id))].map((id) =>
      issue('document.duplicate-id', {}, `Two groups have the id ${quote(id)}.`, 'Give one of them another id.'),
    ),
  ];
}

function repeated(ids: readonly string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(ids.filter((id) => seen.size === seen.add(id).size));
}
