import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { list } from '../kit/fields.ts';
import { fieldPath } from './field-path.ts';
import { renameFields } from './rename-fields.ts';

export const rename = defineNode({
  type: 'data.rename',
  version: 1,
  title: 'Rename fields',
  icon: 'replace',
  summary: 'Renames fields; their values stay.',
  line: '{{ names.map(name => name.from + " → " + name.to).join(", ") }}',
  params: z.object({
    names: list(
      z.object({
        from: fieldPath({ title: 'Old name' }),
        to: fieldPath({ title: 'New name' }),
      }),
      { title: 'Fields', addLabel: 'Add a field' },
    ),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  each: ({ item, params, engine }) => [renameFields(item, params.names, engine)],
  examples: [
    {
      name: 'A new name in the same place',
      params: { names: [{ from: 'Förnamn', to: 'firstName' }] },
      given: { in: [{ id: 1, Förnamn: 'Åsa', age: 4 }] },
      gives: { out: [{ id: 1, firstName: 'Åsa', age: 4 }] },
    },
    {
      name: 'Two fields change places',
      params: {
        names: [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'a' },
        ],
      },
      given: { in: [{ a: 1, b: 2 }] },
      gives: { out: [{ b: 1, a: 2 }] },
    },
    {
      name: 'Out of an object and into another',
      params: { names: [{ from: 'customer.mail', to: 'contact.email' }] },
      given: { in: [{ customer: { mail: 'a@b.c', id: 2 } }] },
      gives: { out: [{ customer: { id: 2 }, contact: { email: 'a@b.c' } }] },
    },
    {
      name: 'An item without the field stays as it is',
      params: { names: [{ from: 'a', to: 'b' }] },
      given: { in: [{ c: 1 }, null, 'text', { a: null }] },
      gives: { out: [{ c: 1 }, null, 'text', { b: null }] },
    },
  ],
});
