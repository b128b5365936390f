import { isObject } from '../../document/json.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The schema that a reference stands for; a reference that leads nowhere allows everything. */
export function resolved(root: Schema, schema: unknown, depth = 0): Schema {
  if (!isObject(schema)) return schema === false ? { not: {} } : {};
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || depth > 20) return schema;
  if (reference === '#') return root;
  const name = reference.startsWith('#/$defs/') ? reference.slice('#/$defs/'.length) : '';
  const defs = root['$defs'];
  return isObject(defs) && Object.hasOwn(defs, name) ? resolved(root, defs[name], depth + 1) : {};
}
