import { isObject } from '../../flow/document/json.ts';
import { roots } from '../../flow/expression/globals/roots.ts';
import { ofBoolean, ofList, ofNumber, ofRecord, ofText } from '../../flow/expression/methods/all.ts';
import { gives, typeWords } from './expression-result.ts';
import type { Samples } from './expression-result.ts';

/** What could stand at the caret: the text between `from` and the caret becomes `text`. */
export interface Completion {
  readonly from: number;
  readonly text: string;
  /** What it holds in the sample, or what kind of thing it is. */
  readonly says: string;
}

const most = 12;

/** What may follow at the caret of an expression: fields of the sample data, keys of nodes, names and methods. Nothing outside of `{{ }}`. */
export function completionsAt(text: string, caret: number, samples: Samples, index: number): Completion[] {
  const before = text.slice(0, caret);
  const open = before.lastIndexOf('{{');
  if (open < 0 || before.indexOf('}}', open) >= 0) return [];
  const code = before.slice(open + 2);
  const found = keysOf(code, caret, samples) ?? membersOf(code, caret, samples, index) ?? namesOf(code, caret);
  return found.slice(0, most);
}

/** Inside `$('`: the keys of nodes that gave something. */
function keysOf(code: string, caret: number, { outputs }: Samples): Completion[] | undefined {
  const typed = /\$\((['"])([\w-]*)$/.exec(code);
  if (!typed) return undefined;
  const [, quote = "'", begun = ''] = typed;
  return [...outputs]
    .filter(([key]) => key.startsWith(begun))
    .map(([key, items]) => ({
      from: caret - begun.length,
      text: `${key}${quote}).item.`,
      says: `${items.length} ${items.length === 1 ? 'item' : 'items'}`,
    }));
}

/** After a point: the fields of what stands before it in the sample, then the methods of its kind. */
function membersOf(code: string, caret: number, samples: Samples, index: number): Completion[] | undefined {
  const typed = /\??\.([A-Za-z_$][\w$]*)?$/.exec(code);
  if (!typed) return undefined;
  const subject = subjectOf(code.slice(0, typed.index));
  if (subject === '') return [];
  const given = gives(`{{ ${subject} }}`, samples, index);
  if (!given.ok || given.value === undefined || given.value === null) return [];
  const begun = typed[1] ?? '';
  const from = caret - begun.length;
  const isMeant = (name: string) => name !== begun && name.toLowerCase().startsWith(begun.toLowerCase());
  const fields = isObject(given.value) ? Object.entries(given.value) : [];
  return [
    ...fields
      .filter(([name]) => isMeant(name) && /^[A-Za-z_$][\w$]*$/.test(name))
      .map(([name, value]) => ({ from, text: name, says: preview(value) })),
    ...[...methodsOf(given.value)].filter(isMeant).map((name) => ({ from, text: `${name}()`, says: 'function' })),
  ];
}

function methodsOf(value: unknown): Iterable<string> {
  if (typeof value === 'string') return ofText.keys();
  if (typeof value === 'number') return ofNumber.keys();
  if (typeof value === 'boolean') return ofBoolean.keys();
  return Array.isArray(value) ? ofList.keys() : ofRecord.keys();
}

/** A name that is begun: those that every expression knows. */
function namesOf(code: string, caret: number): Completion[] {
  const begun = /(^|[^\w$.'"])(\$\w*)$/.exec(code)?.[2];
  if (begun === undefined) return [];
  const names = [...roots.keys()].filter((name) => name !== '$env' && name !== '$binary');
  const all = [
    { text: '$json.', says: 'this item' },
    { text: "$('", says: 'what another node gave' },
    ...names.filter((name) => name !== '$json').map((name) => ({ text: name, says: '' })),
  ];
  return all
    .filter(({ text }) => text.startsWith(begun) && text !== begun)
    .map((one) => ({ ...one, from: caret - begun.length }));
}

const closers: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

/** The chain that ends here, read backwards: `$json.lines.map((l) => l.net)` out of `1 + $json.lines.map((l) => l.net)`. */
function subjectOf(code: string): string {
  let at = code.length;
  const open: string[] = [];
  while (at > 0) {
    const sign = code[at - 1] ?? '';
    const closes = closers[sign];
    if (closes) open.push(closes);
    else if (open.length > 0 && sign === open.at(-1)) open.pop();
    else if (open.length === 0 && !/[\w$.?'"]/.test(sign)) break;
    at--;
  }
  return open.length === 0 ? code.slice(at).replace(/^[.?]+/, '') : '';
}

function preview(value: unknown): string {
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (isObject(value)) return `{ ${Object.keys(value).slice(0, 3).join(', ')} }`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `${text.length > 24 ? `${text.slice(0, 24)}…` : text} ${typeWords(value)}`;
}

/** A reference that a person may insert. */
export interface Reference {
  readonly text: string;
  readonly says: string;
  readonly group: string;
}

/** Every field near a node, for a list to choose from: of its own item, then of the first item of each other node. */
export function referencesTo(samples: Samples): Reference[] {
  const fields = (value: unknown, path: string, group: string): Reference[] =>
    isObject(value)
      ? Object.entries(value).flatMap(([name, inner]) => {
          const text = /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
          const nested = isObject(inner) && path.split('.').length < 4 ? fields(inner, text, group) : [];
          return [{ text, says: preview(inner), group }, ...nested];
        })
      : [];
  const own = fields(samples.items[0], '$json', 'This item');
  const others = [...samples.outputs].flatMap(([key, items]) => fields(items[0], `$('${key}').item`, key));
  return [...own, ...others].slice(0, 80);
}
