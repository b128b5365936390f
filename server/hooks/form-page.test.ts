import { expect, test } from 'vitest';
import { FormParams } from '../triggers/describe.ts';
import { formPage, outputPage, wrongPage } from './form-page.ts';

const coats = { path: 'coats', title: 'T', description: '', button: 'Send', reply: 'now', thanks: '' };
const select = (field: object, sent: Readonly<Record<string, unknown>> = {}): string => {
  const fields = [{ name: 'size', kind: 'dropdown', options: ['S', 'M'], ...field }];
  const page = formPage(FormParams.parse({ ...coats, fields }), sent);
  return /<select[^>]*>(.*?)<\/select>/.exec(page)?.[1] ?? '';
};

test('a dropdown that must be chosen begins with nothing: a visitor sent its first option unread', () => {
  expect(select({ required: true })).toBe('<option value="">Choose</option><option>S</option><option>M</option>');
});

test('one that has a default, or was chosen before, offers no way back to nothing; one that may stay empty does', () => {
  expect(select({ required: true, value: 'M' })).toBe('<option>S</option><option selected>M</option>');
  expect(select({ required: true }, { size: 'S' })).toBe('<option selected>S</option><option>M</option>');
  expect(select({})).toBe('<option value=""></option><option>S</option><option>M</option>');
  expect(select({ required: true, multiple: true })).toBe('<option>S</option><option>M</option>');
});

test('a form marked what may stay empty and not what is required: that has a star, which is explained once', () => {
  const page = (fields: readonly object[]) => formPage(FormParams.parse({ ...coats, fields }));
  const fields = [
    { name: 'mail', kind: 'email', label: 'E-mail', required: true },
    { name: 'note', kind: 'text', label: 'Note' },
    { name: 'terms', kind: 'checkbox', label: 'I agree', required: true },
    { name: 'size', kind: 'radio', label: 'Size', options: ['S', 'M'], required: true },
  ];
  const marked = [...page(fields).matchAll(/class="needed"[^>]*>([^<]*)/g)].map(([, label]) => label);
  expect(marked).toEqual(['E-mail', 'I agree', 'Size']);
  expect(page(fields).match(/Fields with \* are required\./g)).toHaveLength(1);
  expect(page(fields.slice(1, 2))).not.toContain('required');
});

test('a field of numbers takes what is typed as it is typed: the browser’s own made 125 of 12,5', () => {
  const fields = [{ name: 'amount', kind: 'number', required: true }];
  const html = formPage(FormParams.parse({ ...coats, fields }), { amount: '12,5' }, { amount: 'Enter a number.' });
  expect(html).toContain('<input type="text" id="amount" name="amount" required');
  expect(html).toContain('value="12,5" inputmode="decimal"');
});

test('of a field that was sent and of an output a page shows 64 kB at most: 16 MB of signs took 4 s', () => {
  const fields = [{ name: 'note', kind: 'textarea' }];
  const params = FormParams.parse({ ...coats, fields });
  const shown = (page: string) => page.split('&#38;').length - 1;
  expect(shown(formPage(params, { note: '&'.repeat(1_000_000) }))).toBe(65_536);
  expect(shown(formPage(params, { note: '&'.repeat(65_536) }))).toBe(65_536);
  const output = (signs: number) => outputPage(params, [{ note: '&'.repeat(signs) }]);
  expect(shown(output(1_000_000))).toBeLessThanOrEqual(65_536);
  expect(output(1_000_000)).toContain('…</pre>');
  expect(shown(output(60_000))).toBe(60_000);
  expect(output(60_000)).toContain('\n  {\n');
});

test('values that were sent are looked at as often as there are options, and all texts of a page share 256 kB', () => {
  const options = Array.from({ length: 1_000 }, (_, n) => `option ${n}`);
  const params = FormParams.parse({ ...coats, fields: [{ name: 'box', kind: 'checkbox', options }] });
  const box = Array.from({ length: 500_000 }, () => 'option 999x');
  const { user } = process.threadCpuUsage();
  expect(formPage(params, { box })).not.toContain('checked>');
  expect(process.threadCpuUsage().user - user).toBeLessThan(400_000);
  expect(formPage(params, { box: ['option 1', 'option 3'] }).match(/ checked>/g)).toHaveLength(2);

  const fields = Array.from({ length: 20 }, (_, n) => ({ name: `note${n}`, kind: 'textarea' }));
  const sent = Object.fromEntries(fields.map(({ name }) => [name, 'ä'.repeat(65_536)]));
  expect(formPage(FormParams.parse({ ...coats, fields }), sent).split('ä').length - 1).toBe(262_144);
});

test('a default of several options is chosen', () => {
  expect(select({ multiple: true, value: ['M'] })).toBe('<option>S</option><option selected>M</option>');
});

test('a form of very many words is not written anew for whoever sent it wrong: only what is wrong is told', () => {
  const short = [{ name: 'mail', kind: 'email', label: 'Your <mail>', required: true }];
  const note = { name: 'note', kind: 'html', value: '&'.repeat(1_000_000) };
  const of = (fields: readonly object[]) => FormParams.parse({ ...coats, fields });
  const wrong = { mail: 'Fill this in.' };
  expect(wrongPage(of(short), {}, wrong)).toBe(formPage(of(short), {}, wrong));
  const told = wrongPage(of([...short, note]), { mail: '' }, wrong);
  expect(told.length).toBeLessThan(20_000);
  expect(told).toContain('<li>Your &#60;mail&#62;: Fill this in.</li>');
});
