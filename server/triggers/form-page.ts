import type { FormField } from '../../nodes/start/form-fields.ts';
import type { FormParams } from './describe.ts';

/** Text as HTML shows it. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);

/** What a form's page may do: show itself and send the form back to us. Nothing on it is a script, and nothing that people wrote is markup. */
export const formPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const style = `
:root { color-scheme: light dark; --line: #8884; --accent: #4f46e5 }
* { box-sizing: border-box }
body { font: 16px/1.5 Inter, system-ui, sans-serif; margin: 0; padding: 3rem 1rem }
main { max-width: 34rem; margin: auto }
h1 { font-size: 1.5rem; margin: 0 0 .5rem }
p { margin: 0 0 1.5rem; white-space: pre-wrap }
.field { margin: 0 0 1.25rem; border: 0; padding: 0 }
label, legend { display: block; font-weight: 550; margin-bottom: .25rem; padding: 0 }
.choice { font-weight: 400 }
small { display: block; opacity: .7 }
.wrong { color: #dc2626; opacity: 1 }
input:not([type=checkbox]):not([type=radio]), select, textarea { width: 100%; font: inherit; padding: .5rem .625rem; border: 1px solid var(--line); border-radius: 8px; background: none; color: inherit }
textarea { min-height: 7rem }
button { font: inherit; font-weight: 550; color: #fff; background: var(--accent); border: 0; border-radius: 8px; padding: .5rem 1.25rem; cursor: pointer }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: 8px; padding: 1rem }`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
  `<title>${escaped(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`;

/** The page of a form, with what was sent and what is wrong with it when it comes back. */
export function formPage(
  { title, description, fields, button }: FormParams,
  sent: Readonly<Record<string, unknown>> = {},
  wrong: Readonly<Record<string, string>> = {},
): string {
  const hasFiles = fields.some(({ kind }) => kind === 'file');
  const controls = fields.map((field) =>
    fieldHtml(field, own(sent, field.name) ?? field.value, own(wrong, field.name)),
  );
  return page(
    title,
    `<h1>${escaped(title)}</h1>${description === '' ? '' : `<p>${escaped(description)}</p>`}` +
      `<form method="post"${hasFiles ? ' enctype="multipart/form-data"' : ''}>${controls.join('')}` +
      `<button type="submit">${escaped(button)}</button></form>`,
  );
}

/** The page after a form was sent. */
export const thanksPage = ({ title, thanks }: FormParams): string =>
  page(title, `<h1>${escaped(title)}</h1><p role="status">${escaped(thanks)}</p>`);

/** What the workflow gave, as text. */
export const outputPage = ({ title }: FormParams, output: unknown): string =>
  page(title, `<h1>${escaped(title)}</h1><pre>${escaped(JSON.stringify(output, null, 2) ?? '')}</pre>`);

/** The page of a link that goes on when its button is pressed: what only opens links presses none. The form sends to where it stands. */
export const asksPage = (): string =>
  page(
    'One more step',
    `<h1>One more step</h1><p>Press the button to go on.</p><form method="post"><button type="submit">Go on</button></form>`,
  );

/** A sentence instead of the form. */
export const sentencePage = (title: string, sentence: string): string =>
  page(title, `<h1>${escaped(title)}</h1><p role="status">${escaped(sentence)}</p>`);

const own = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

function fieldHtml(field: FormField, value: unknown, wrong: string | undefined): string {
  const { name, kind, label = name, help } = field;
  if (kind === 'html') return `<p>${escaped(textOf(value))}</p>`;
  if (kind === 'hidden') return `<input type="hidden" name="${escaped(name)}" value="${escaped(textOf(value))}">`;
  const notes =
    (help === undefined ? '' : `<small id="${name}-help">${escaped(help)}</small>`) +
    (wrong === undefined ? '' : `<small class="wrong" role="alert" id="${name}-wrong">${escaped(wrong)}</small>`);
  const told = [help === undefined ? '' : `${name}-help`, wrong === undefined ? '' : `${name}-wrong`].filter(Boolean);
  const about = told.length === 0 ? '' : ` aria-describedby="${told.join(' ')}"`;
  const invalid = wrong === undefined ? '' : ' aria-invalid="true"';
  const isGroup = kind === 'radio' || (kind === 'checkbox' && field.options !== undefined);
  if (isGroup)
    return `<fieldset class="field"${about}><legend>${escaped(label)}</legend>${choices(field, value)}${notes}</fieldset>`;
  const control = controlHtml(field, value, about + invalid);
  if (kind === 'checkbox')
    return `<div class="field"><label class="choice">${control} ${escaped(label)}</label>${notes}</div>`;
  return `<div class="field"><label for="${name}">${escaped(label)}</label>${control}${notes}</div>`;
}

const types: Readonly<Record<string, string>> = {
  text: 'text',
  number: 'number',
  email: 'email',
  date: 'date',
  file: 'file',
  password: 'password',
  checkbox: 'checkbox',
};

function controlHtml(
  { name, kind, required, placeholder, options, multiple }: FormField,
  value: unknown,
  more: string,
) {
  const needed = required ? ' required' : '';
  const hint = placeholder === undefined ? '' : ` placeholder="${escaped(placeholder)}"`;
  const common = `id="${name}" name="${name}"${needed}${more}`;
  if (kind === 'textarea') return `<textarea ${common}${hint}>${escaped(textOf(value))}</textarea>`;
  if (kind === 'dropdown' || options !== undefined) {
    const blank = multiple || required ? '' : '<option value=""></option>';
    const listed = (options ?? []).map(
      (option) => `<option${isChosen(value, option) ? ' selected' : ''}>${escaped(option)}</option>`,
    );
    return `<select ${common}${multiple ? ' multiple' : ''}>${blank}${listed.join('')}</select>`;
  }
  if (kind === 'checkbox')
    return `<input type="checkbox" ${common}${value === true || value === 'on' ? ' checked' : ''}>`;
  const filled = kind === 'file' || kind === 'password' ? '' : ` value="${escaped(textOf(value))}"`;
  const any = kind === 'number' ? ' step="any"' : '';
  return `<input type="${types[kind] ?? 'text'}" ${common}${hint}${filled}${any}${multiple && kind === 'file' ? ' multiple' : ''}>`;
}

const choices = ({ name, kind, options = [], required }: FormField, value: unknown): string =>
  options
    .map(
      (option) =>
        `<label class="choice"><input type="${kind === 'radio' ? 'radio' : 'checkbox'}" name="${name}" value="${escaped(option)}"` +
        `${kind === 'radio' && required ? ' required' : ''}${isChosen(value, option) ? ' checked' : ''}> ${escaped(option)}</label>`,
    )
    .join('');

const isChosen = (value: unknown, option: string) => (Array.isArray(value) ? value.includes(option) : value === option);

const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? '' : String(value);
