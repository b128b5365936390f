import type { FormField } from '../../nodes/start/form-fields.ts';
import { opening } from '../../flow/values/opening.ts';
import type { FormParams } from '../triggers/describe.ts';

const spelled: Readonly<Record<string, string>> = {
  '&': '&#38;',
  '<': '&#60;',
  '>': '&#62;',
  '"': '&#34;',
  "'": '&#39;',
};

/** Text as HTML shows it. */
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => spelled[letter]!);

/** What a form's page may do: show itself and send the form back to us. Nothing on it is a script, and nothing that people wrote is markup. */
export const formPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const style = `
:root { color-scheme: light dark; --canvas: #f3f4f1; --surface: #fff; --line: #e3e5df; --line-strong: #8b8f86; --text: #1a1d18; --text-2: #565a53; --ink: #1a1d18; --on-ink: #fff; --halo: #d9f05e; --failed: #d3403c; --failed-text: #96291f; --failed-soft: #fdebe8 }
@media (prefers-color-scheme: dark) { :root { --canvas: #121411; --surface: #1e201c; --line: #282b26; --line-strong: #767b72; --text: #eceee9; --text-2: #adb1a8; --ink: #eceee9; --on-ink: #1a1d18; --halo: #6f8209; --failed: #e8635c; --failed-text: #f2a49c; --failed-soft: #3a1f1c } }
* { box-sizing: border-box }
body { font: 16px/1.5 'Inter Variable', Inter, system-ui, sans-serif; margin: 0; padding: 48px 16px; background: var(--canvas); color: var(--text); overflow-wrap: anywhere }
main { max-width: 560px; margin: auto; padding: 32px; background: var(--surface); border: 1px solid var(--line); border-radius: 12px }
h1 { font-size: 24px; line-height: 32px; font-weight: 620; margin: 0 0 8px }
p { margin: 0 0 24px; color: var(--text-2); white-space: pre-wrap }
p:last-child { margin: 0 }
.field { margin: 0 0 20px; border: 0; padding: 0; min-width: 0 }
label, legend { display: block; font-weight: 560; margin-bottom: 4px; padding: 0 }
.needed::after { content: ' *'; color: var(--failed-text) }
.optional { font-weight: 400; color: var(--text-2) }
.choice { display: flex; gap: 10px; align-items: flex-start; font-weight: 400; padding: 4px 0; min-height: 32px }
.choice input { flex: none; width: 18px; height: 18px; margin: 3px 0 0; accent-color: var(--ink) }
small { display: block; font-size: 14px; line-height: 20px; margin-top: 4px; color: var(--text-2) }
small.wrong { color: var(--failed-text) }
.summary { border: 1px solid var(--failed); border-radius: 8px; background: var(--failed-soft); padding: 12px 16px; margin: 0 0 24px }
.summary strong { font-weight: 560 }
.summary ul { margin: 4px 0 0; padding-left: 20px }
.summary a { color: inherit }
input:not([type=checkbox]):not([type=radio]), select, textarea { display: block; width: 100%; min-height: 44px; font: inherit; padding: 9px 12px; border: 1px solid var(--line-strong); border-radius: 5px; background: var(--surface); color: inherit }
input[type=file] { padding: 8px 12px }
[aria-invalid=true] { border-color: var(--failed) !important }
textarea { min-height: 112px; resize: vertical }
::placeholder { color: var(--text-2); opacity: 1 }
button { width: 100%; min-height: 44px; font: inherit; font-weight: 560; color: var(--on-ink); background: var(--ink); border: 1px solid var(--ink); border-radius: 5px; padding: 9px 20px; cursor: pointer }
button:hover { opacity: .88 }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; box-shadow: 0 0 0 5px var(--halo) }
pre { white-space: pre-wrap; font: 14px/20px ui-monospace, monospace; border: 1px solid var(--line); border-radius: 8px; padding: 16px; margin: 0 }
@media (max-width: 480px) { body { padding: 16px 12px } main { padding: 24px 16px } }
@media (forced-colors: active) { :focus-visible { outline-color: Highlight } }`;

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
  const shown = shownOf(fields, sent);
  const controls = fields.map((field) =>
    fieldHtml(field, looked(shown.get(field.name) ?? field.value), own(wrong, field.name)),
  );
  const isAsked = fields.some(({ kind, required }) => required && kind !== 'hidden' && kind !== 'html');
  return page(
    title,
    `<h1>${escaped(title)}</h1>${description === '' ? '' : `<p>${escaped(description)}</p>`}${summaryOf(fields, wrong)}` +
      (isAsked ? '<p>Fields with * are required.</p>' : '') +
      `<form method="post"${hasFiles ? ' enctype="multipart/form-data"' : ''}>${controls.join('')}` +
      `<button type="submit">${escaped(button)}</button></form>`,
  );
}

/** Letters of the fields of a form that is written anew for whoever sent it. */
const mostAnew = 262_144;
/** Lines that say what is wrong with a form of more, and letters of a label there. */
const [mostLines, mostLabel] = [100, 200];

/** The page again, with what is wrong; of a form with very many words only what is wrong: any stranger may have it written as often as he likes. */
export function wrongPage(
  params: FormParams,
  sent: Readonly<Record<string, unknown>>,
  wrong: Readonly<Record<string, string>>,
): string {
  const { title, fields } = params;
  if (opening(fields, mostAnew).length <= mostAnew) return formPage(params, sent, wrong);
  const lines: string[] = [];
  for (const { name, label = name } of fields) {
    const says = own(wrong, name);
    if (says !== undefined) lines.push(`<li>${escaped(label.slice(0, mostLabel))}: ${escaped(says)}</li>`);
    if (lines.length === mostLines) break;
  }
  return page(
    title,
    `<h1>${escaped(title)}</h1><div class="summary" role="alert"><strong>It was not sent</strong><ul>${lines.join('')}</ul></div>` +
      '<p>Go back, change it, and send it again.</p>',
  );
}

/** What is wrong in a list at the top, each line leading to its field: nobody has to look for it. */
function summaryOf(fields: readonly FormField[], wrong: Readonly<Record<string, string>>): string {
  const lines = fields.flatMap(({ name, label = name }) => {
    const says = own(wrong, name);
    return says === undefined ? [] : [`<li><a href="#${name}">${escaped(label)}</a>: ${escaped(says)}</li>`];
  });
  if (lines.length === 0) return '';
  const count = lines.length === 1 ? '1 field needs a change' : `${lines.length} fields need a change`;
  return `<div class="summary" role="alert"><strong>${count}</strong><ul>${lines.join('')}</ul></div>`;
}

/** The page after a form was sent. */
export const thanksPage = ({ title, thanks }: FormParams): string =>
  page(title, `<h1>${escaped(title)}</h1><p role="status">${escaped(thanks)}</p>`);

/** What the workflow gave, as text; of what is longer than is shown, how it begins. */
export function outputPage({ title }: FormParams, output: unknown): string {
  const begins = opening(output, mostShown);
  const text = begins.length > mostShown ? `${begins.slice(0, mostShown)}…` : (JSON.stringify(output, null, 2) ?? '');
  return page(title, `<h1>${escaped(title)}</h1><pre>${escaped(text)}</pre>`);
}

/** Letters of one field, and of an output, that a page shows: 16 MB of signs that HTML spells otherwise took 4 s. */
const mostShown = 65_536;
/** Letters of all fields together. */
const mostOfAll = 262_144;

/** What a page shows of what was sent: of texts how they begin, of choices as many as there are options. */
function shownOf(fields: readonly FormField[], sent: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const shown = new Map<string, unknown>();
  let left = mostOfAll;
  for (const { name, options = [] } of fields) {
    if (shown.has(name)) continue;
    const value = own(sent, name);
    if (typeof value === 'string') {
      const begins = value.slice(0, Math.min(mostShown, left));
      left -= begins.length;
      shown.set(name, begins);
    } else shown.set(name, Array.isArray(value) ? value.slice(0, options.length) : value);
  }
  return shown;
}

/** Choices are looked for once for each option. */
const looked = (value: unknown): unknown => (Array.isArray(value) ? new Set<unknown>(value) : value);

/** The page of a link that goes on when its button is pressed: what only opens links presses none. The form sends to where it stands. */
export const asksPage = (): string =>
  page(
    'One more step',
    `<h1>One more step</h1><p>Press the button to continue.</p><form method="post"><button type="submit">Continue</button></form>`,
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
    (wrong === undefined ? '' : `<small class="wrong" id="${name}-wrong">${escaped(wrong)}</small>`);
  const told = [help === undefined ? '' : `${name}-help`, wrong === undefined ? '' : `${name}-wrong`].filter(Boolean);
  const about = told.length === 0 ? '' : ` aria-describedby="${told.join(' ')}"`;
  const invalid = wrong === undefined ? '' : ' aria-invalid="true"';
  const mayBeEmpty = field.required || kind === 'checkbox' ? '' : ' <span class="optional">(optional)</span>';
  const needed = field.required ? ' class="needed"' : '';
  const isGroup = kind === 'radio' || (kind === 'checkbox' && field.options !== undefined);
  if (isGroup)
    return `<fieldset class="field" id="${name}" tabindex="-1"${about}><legend${needed}>${escaped(label)}${mayBeEmpty}</legend>${choices(field, value)}${notes}</fieldset>`;
  const control = controlHtml(field, value, about + invalid);
  if (kind === 'checkbox')
    return `<div class="field"><label class="choice">${control} <span${needed}>${escaped(label)}</span></label>${notes}</div>`;
  return `<div class="field"><label for="${name}"${needed}>${escaped(label)}${mayBeEmpty}</label>${control}${notes}</div>`;
}

const types: Readonly<Record<string, string>> = {
  text: 'text',
  // A browser's own field of numbers drops what it does not know: 12,5 became 125, and nobody was told.
  number: 'text',
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
    // One that must be chosen is chosen by nobody but the visitor: the first would else be sent unread.
    const blank =
      multiple || (required && isOneOf(options, value)) ? '' : `<option value="">${required ? 'Choose' : ''}</option>`;
    const listed = (options ?? []).map(
      (option) => `<option${isChosen(value, option) ? ' selected' : ''}>${escaped(option)}</option>`,
    );
    return `<select ${common}${multiple ? ' multiple' : ''}>${blank}${listed.join('')}</select>`;
  }
  if (kind === 'checkbox')
    return `<input type="checkbox" ${common}${value === true || value === 'on' ? ' checked' : ''}>`;
  const filled = kind === 'file' || kind === 'password' ? '' : ` value="${escaped(textOf(value))}"`;
  const keys = kind === 'number' ? ' inputmode="decimal"' : '';
  return `<input type="${types[kind] ?? 'text'}" ${common}${hint}${filled}${keys}${multiple && kind === 'file' ? ' multiple' : ''}>`;
}

const choices = ({ name, kind, options = [], required }: FormField, value: unknown): string =>
  options
    .map(
      (option) =>
        `<label class="choice"><input type="${kind === 'radio' ? 'radio' : 'checkbox'}" name="${name}" value="${escaped(option)}"` +
        `${kind === 'radio' && required ? ' required' : ''}${isChosen(value, option) ? ' checked' : ''}> ${escaped(option)}</label>`,
    )
    .join('');

const isOneOf = (options: readonly string[] = [], value: unknown) => options.some((option) => isChosen(value, option));

const isChosen = (value: unknown, option: string) => (value instanceof Set ? value.has(option) : value === option);

const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? '' : String(value);
