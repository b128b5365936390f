import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** The address that instructions name; a reader who tries them elsewhere goes there instead. */
const written = 'http://localhost:4000';

/** Takes the numbered steps below a heading out of a page of Markdown, each as one line. */
export function stepsOf(markdown: string, heading: string): string[] {
  const section = markdown.split(`## ${heading}\n`)[1]?.split(/^## /m)[0] ?? '';
  return section
    .split(/^\d+\. /m)
    .slice(1)
    .map(
      (step) =>
        step
          .split(/\n\n(?! )/)[0]
          ?.replaceAll(/\s+/g, ' ')
          .trim() ?? '',
    );
}

/** Somebody who does what is written and nothing else. */
export async function follow(page: Page, step: string, url: string): Promise<void> {
  for (const sentence of step.split(/(?<=[.:]) (?=[A-Z]|curl)/)) await carryOut(page, sentence, url);
}

type Deed = (page: Page, found: RegExpMatchArray, url: string) => Promise<void>;

/** Every kind of sentence that instructions are made of: how one begins, the parts of it, and what each part asks for. */
const kinds: readonly { readonly begins: string; readonly part: RegExp; readonly rest: RegExp; readonly deed: Deed }[] =
  [
    {
      begins: 'Run `npm start`',
      part: /<(http[^>]+)>/g,
      rest: /^Run `npm start` in the clone and open \.$/,
      deed: open,
    },
    { begins: 'Open', part: /<(http[^>]+)>/g, rest: /^Open \.$/, deed: open },
    { begins: 'Write', part: /`([^`]+)` into \*\*([^*]+)\*\*/g, rest: /^Write [ ,and]*\.$/, deed: write },
    { begins: 'Choose', part: /\*\*([^*]+)\*\* at \*\*([^*]+)\*\*/g, rest: /^Choose [ ,and]*\.$/, deed: choose },
    {
      begins: 'Press',
      part: /\*\*([^*]+)\*\*(?: (in the palette|in the dialog|in the list|on the canvas))?/g,
      rest: /^Press [ ,then]*\.$/,
      deed: press,
    },
    { begins: 'You see', part: /\*\*([^*]+)\*\*/g, rest: /^You see [ ,and]*\.$/, deed: see },
    { begins: 'Call it', part: /()from another terminal/g, rest: /^Call it :$/, deed: async () => {} },
    {
      begins: 'curl',
      part: /^curl -H '([^:']+): ([^']+)' -d '([^']+)' (\S+) It answers `([^`]+)`/g,
      rest: /^\.$/,
      deed: call,
    },
  ];

async function carryOut(page: Page, sentence: string, url: string): Promise<void> {
  const kind = kinds.find(({ begins }) => sentence.startsWith(begins));
  const parts = kind ? [...sentence.matchAll(kind.part)] : [];
  if (!kind || parts.length === 0 || !kind.rest.test(sentence.replaceAll(kind.part, '')))
    throw new Error(`A reader would not know how to do this: ${sentence}`);
  for (const part of parts) await kind.deed(page, part, url);
}

async function open(page: Page, [, address = '']: RegExpMatchArray, url: string): Promise<void> {
  await page.goto(address.replace(written, url));
}

async function write(page: Page, [, text = '', label = '']: RegExpMatchArray): Promise<void> {
  await page.getByLabel(label, { exact: true }).last().fill(text);
}

async function choose(page: Page, [, option = '', label = '']: RegExpMatchArray): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

async function press(page: Page, [, name = '', place]: RegExpMatchArray): Promise<void> {
  if (place === 'on the canvas')
    return page.locator('.node').filter({ hasText: name }).locator('.node-selvage').click();
  const room: Page | Locator =
    place === 'in the dialog'
      ? page.getByRole('dialog')
      : place === 'in the palette'
        ? page.getByRole('complementary', { name: 'Nodes' })
        : place === 'in the list'
          ? page.getByRole('main')
          : page;
  const button = room.getByRole('button', { name, exact: true });
  await button
    .or(room.getByRole('link', { name, exact: true }))
    .first()
    .click();
}

async function see(page: Page, [, text = '']: RegExpMatchArray): Promise<void> {
  await expect(page.getByText(text).first()).toBeVisible();
}

async function call(_: Page, found: RegExpMatchArray, url: string): Promise<void> {
  const [, header = '', value = '', data = '', address = '', answer = ''] = found;
  const reply = await fetch(address.replace(written, url), {
    method: 'POST',
    headers: { [header]: value },
    body: data,
  });
  expect(await reply.text()).toBe(answer);
}
