import * as z from 'zod';
import { singular } from '../../flow/check/params/titles.ts';
import { Fault } from '../../flow/facts/faults.ts';

type ZodIssue = z.core.$ZodIssue;

/** A fault that names the param as its form does, `Field 1 › name`, and says in a sentence what it should be. */
export function paramsFault(issues: readonly ZodIssue[], field: string, schema: z.ZodType, value: unknown): Fault {
  const issue = deepest(issues);
  const path = pathText([field, ...(issue?.path ?? [])]);
  const title = titleOf(schema);
  const name = title === undefined ? `Field ${path}` : fieldWords(schema, field, issue?.path ?? []);
  const sentence = issue === undefined ? 'does not fit' : sentenceOf(issue, at(value, issue.path));
  return new Fault('params.invalid', `${name} ${sentence}.`, {
    mend: `Check ${title === undefined ? path : name}. If it is an expression, look at its result for this item.`,
    done: 'no',
    details: { param: path },
  });
}

/** What the form calls a param; wrappers that make it optional say nothing of their own. */
function titleOf(schema: z.core.$ZodType): string | undefined {
  const title = z.globalRegistry.get(schema)?.title;
  if (title !== undefined) return title;
  const { def } = schema._zod;
  const inner = 'innerType' in def ? def.innerType : undefined;
  return inner instanceof z.core.$ZodType ? titleOf(inner) : undefined;
}

/** A place in a param as its form calls it, `Field 1 › name`; one without a title by its key. */
export function fieldWords(schema: z.core.$ZodType, field: string, path: readonly PropertyKey[] = []): string {
  const title = titleOf(schema);
  return title === undefined ? pathText([field, ...path]) : titled(title, path);
}

const titled = (title: string, path: readonly PropertyKey[]): string =>
  (typeof path[0] === 'number' ? singular(title) : title) +
  path.map((part) => (typeof part === 'number' ? ` ${part + 1}` : ` › ${String(part)}`)).join('');

/** `['fields', 0, 'name']` as people write it: `fields[0].name`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');

/** Of a union's complaints the one that got furthest is what the author meant; its path is made whole. */
function deepest(issues: readonly ZodIssue[]): ZodIssue | undefined {
  const [issue] = issues;
  if (issue?.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const inner = issue.errors.map((branch) => deepest(branch)).filter((found) => found !== undefined);
  const furthest = inner.toSorted((left, right) => right.path.length - left.path.length)[0];
  return furthest === undefined || furthest.path.length === 0
    ? issue
    : { ...furthest, path: [...issue.path, ...furthest.path] };
}

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  nonoptional: 'given',
};

function sentenceOf(issue: ZodIssue, got: unknown): string {
  if (issue.code === 'invalid_type')
    return got === undefined ? 'is missing' : `must be ${nouns[issue.expected] ?? issue.expected}, not ${nameOf(got)}`;
  if (issue.code === 'invalid_value')
    return `must be one of ${issue.values.map(String).join(', ')}, not ${nameOf(got)}`;
  if (issue.code === 'too_small') return got === '' ? 'is empty' : `must be ${sized(issue, 'at least', issue.minimum)}`;
  if (issue.code === 'too_big') return `must be ${sized(issue, 'at most', issue.maximum)}`;
  if (issue.code === 'unrecognized_keys') return `has unknown fields: ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_union') return `has a value that does not fit: ${nameOf(got)}`;
  const own = issue.message.replace(/\.$/, '');
  return `does not fit: ${own}`;
}

const sized = (issue: { origin: string }, least: string, bound: number | bigint): string =>
  issue.origin === 'string'
    ? `${least} ${bound} characters long`
    : issue.origin === 'array'
      ? `a list of ${least} ${bound}`
      : `${least} ${bound}`;

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inside, part) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, part) : undefined),
    value,
  );

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, 100) : value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
