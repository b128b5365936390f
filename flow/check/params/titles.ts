import { isObject } from '../../document/json.ts';
import { resolved } from './schema.ts';
import type { Path } from './schema.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A place in params by the titles that the form shows, entries counted from one: `Fields 1 › Value`. What has no title keeps its name. */
export function titleText(root: Schema, path: Path): string {
  let here: readonly Schema[] = forms(root, root);
  const words: string[] = [];
  for (const step of path.slice(0, 20)) {
    here = here.flatMap((schema) => forms(root, inside(schema, step)));
    if (typeof step === 'number') words.push(`${words.pop() ?? 'Entry'} ${step + 1}`);
    else words.push(titleOf(here) ?? step.slice(0, 80));
  }
  return words.join(' › ');
}

function inside(schema: Schema, step: string | number): unknown {
  const { properties, additionalProperties, items, prefixItems } = schema;
  if (typeof step === 'number') return Array.isArray(prefixItems) ? (prefixItems[step] ?? items) : items;
  return isObject(properties) && Object.hasOwn(properties, step) ? properties[step] : additionalProperties;
}

const titleOf = (schemas: readonly Schema[]): string | undefined =>
  schemas.map(({ title }) => title).find((title) => typeof title === 'string');

/** A schema and its alternatives: which of them a value takes does not matter for what a field is called. */
function forms(root: Schema, written: unknown, depth = 0): Schema[] {
  if (!isObject(written) || depth > 4) return [];
  const schema = resolved(root, written);
  const others = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => (Array.isArray(schema[name]) ? schema[name] : []));
  // A title beside a reference is what the place is called; the one behind it, what such values are called.
  const outer = schema === written ? [] : [written];
  return [...outer, schema, ...others.slice(0, 50).flatMap((other) => forms(root, other, depth + 1))];
}
