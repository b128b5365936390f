import * as z from 'zod';
import { exactNumber } from '../../flow/values/digits.ts';
import { opening } from '../../flow/values/opening.ts';
import { list, longText, text, toggle } from '../kit/fields.ts';
import { option, shown } from '../kit/unfolding.ts';

const kinds = [
  'text',
  'textarea',
  'number',
  'email',
  'dropdown',
  'radio',
  'checkbox',
  'date',
  'file',
  'html',
  'hidden',
  'password',
] as const;

const labels = {
  text: 'Text',
  textarea: 'Long text',
  number: 'Number',
  email: 'E-mail',
  dropdown: 'Dropdown',
  radio: 'Radio buttons',
  checkbox: 'Checkbox',
  date: 'Date',
  file: 'File',
  html: 'Text to show',
  hidden: 'Hidden',
  password: 'Password',
} as const satisfies Record<(typeof kinds)[number], string>;

const asked = kinds.filter((kind) => kind !== 'html' && kind !== 'hidden');
const typed = ['text', 'textarea', 'number', 'email', 'password'] as const;

/** One field of a form. `options` belong to dropdown, radio and checkbox; `html` only shows its `value`. */
export const formField = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,79}$/, 'Use letters, digits and _, and start with a letter.')
    .meta({
      title: 'Name',
      description: 'The field of the item, such as email.',
      ui: 'text',
      says: 'Use letters, digits and _, and start with a letter.',
    }),
  kind: z.enum(kinds).default('text').meta({ title: 'Type', ui: 'choice', labels }),
  label: text({ title: 'Label' }).optional(),
  required: shown({ kind: asked }, toggle({ title: 'Required' })).default(false),
  options: shown(
    { kind: ['dropdown', 'radio', 'checkbox'] },
    list(z.string(), { title: 'Options', addLabel: 'Add an option' }),
  ).optional(),
  multiple: shown({ kind: 'dropdown' }, toggle({ title: 'Allow several' })).default(false),
  value: option(z.unknown().optional().meta({ title: 'Default value', ui: 'value' })),
  help: option(shown({ kind: asked }, longText({ title: 'Help text' }))).optional(),
  placeholder: option(shown({ kind: typed }, longText({ title: 'Placeholder' }))).optional(),
});
export type FormField = z.infer<typeof formField>;

/** Fields and options of a form, and letters of what its author wrote of them: its page is written of them all, also for strangers. */
const mostControls = 10_000;
const mostLetters = 1_000_000;

/** The fields of a form: as many as a page can have. */
export const formFields = list(formField, { title: 'Fields', addLabel: 'Add a field' })
  .min(1)
  .refine(
    (fields) =>
      fields.reduce((count, { options = [] }) => count + 1 + options.length, 0) <= mostControls &&
      opening(fields, mostLetters).length <= mostLetters,
    { error: 'Enter 10,000 fields and options at most, of 1,000,000 letters in all.' },
  );

/** What somebody submitted, as an item; or what is wrong with it, a sentence for each field. */
export type Submission =
  | { readonly ok: true; readonly item: Record<string, unknown> }
  | { readonly ok: false; readonly wrong: Record<string, string> };

/** Reads a submitted form: values by field name become what their kinds say. What the form does not ask for is left out. */
export function readForm(fields: readonly FormField[], submitted: Readonly<Record<string, unknown>>): Submission {
  const item: Record<string, unknown> = {};
  const wrong: Record<string, string> = {};
  for (const field of fields.filter(({ kind }) => kind !== 'html')) {
    const given = Object.hasOwn(submitted, field.name) ? submitted[field.name] : undefined;
    const read = readField(field, field.kind === 'hidden' && isBlank(given) ? field.value : given);
    if ('wrong' in read) wrong[field.name] = read.wrong;
    else item[field.name] = read.value;
  }
  return Object.keys(wrong).length === 0 ? { ok: true, item } : { ok: false, wrong };
}

type Read = { value: unknown } | { wrong: string };

const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0);

function readField(field: FormField, given: unknown): Read {
  if (field.kind === 'checkbox') return readCheckbox(field, given);
  if (isBlank(given)) return field.required ? { wrong: 'Fill this in.' } : { value: field.multiple ? [] : null };
  if (field.options !== undefined) return readOptions(field, field.options, given);
  if (field.kind === 'file') return { value: given };
  if (field.kind === 'hidden') return { value: given };
  return typeof given === 'string' || typeof given === 'number'
    ? readText(field.kind, String(given))
    : { wrong: 'Enter text.' };
}

function readText(kind: FormField['kind'], text: string): Read {
  if (kind === 'number') {
    // An id of more digits than a number holds stays exact, as text.
    const number = text.length <= longestNumber ? exactNumber(text) : undefined;
    return number === undefined ? { wrong: 'Enter a number, such as 1200 or 12.5.' } : { value: number };
  }
  if (kind === 'email') return isEmail(text.trim()) ? { value: text.trim() } : { wrong: 'Enter an e-mail address.' };
  if (kind === 'date') return isDay(text.trim()) ? { value: text.trim() } : { wrong: 'Enter a date.' };
  return { value: text };
}

/** Of a number that somebody types, and of an address that mail is sent to (RFC 5321 4.5.3.1.3): letters at most. */
const longestNumber = 1_000;
const longestEmail = 254;

/** Something on both sides of the one @, and a dot inside what follows it. A pattern that tries each dot takes the square of their number. */
function isEmail(text: string): boolean {
  if (text.length > longestEmail || /\s/.test(text)) return false;
  const [box = '', host = '', ...more] = text.split('@');
  return box !== '' && more.length === 0 && host.slice(1, -1).includes('.');
}

/** Without options a box is ticked or not; with options it is a list of those ticked. */
function readCheckbox(field: FormField, given: unknown): Read {
  if (field.options !== undefined) return readOptions({ ...field, multiple: true }, field.options, given ?? []);
  const ticked = given === true || given === 'on' || given === 'true' || given === '1';
  return field.required && !ticked ? { wrong: 'Tick this box to continue.' } : { value: ticked };
}

function readOptions(field: FormField, options: readonly string[], given: unknown): Read {
  const chosen: readonly unknown[] = Array.isArray(given) ? given : [given];
  // Who sends more than there are repeats them: millions of values were each looked for among all options.
  const known = new Set<unknown>(options);
  if (chosen.length > options.length || !chosen.every((option) => known.has(option)))
    return { wrong: 'Choose one of the options.' };
  if (field.required && chosen.length === 0) return { wrong: 'Fill this in.' };
  if (!field.multiple && chosen.length > 1) return { wrong: 'Choose only one.' };
  return { value: field.multiple ? chosen : chosen[0] };
}

const isDay = (text: string): boolean => {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};
