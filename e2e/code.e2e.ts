import { workflow } from '../flow/document/workflow.ts';
import { newWorkspace } from './people/stock.ts';
import { expect, test } from './people/test.ts';

const document = workflow.parse({
  heddle: 1,
  name: 'Code',
  nodes: [
    { key: 'hook', type: 'start.manual', at: [0, 0], title: 'Starts' },
    { key: 'c', type: 'code.javascript', at: [240, 0], params: { code: "return $('hook').all();" }, title: 'Code' },
  ],
  edges: [{ from: 'hook', to: 'c' }],
});

/** Whether all of a box can be seen: inside the window, with nothing over its corners and its middle. In the page. */
const isWhole = (box: Element): boolean => {
  const { left, right, top, bottom } = box.getBoundingClientRect();
  const spots = [left + 3, (left + right) / 2, right - 3].flatMap((x) =>
    [top + 3, (top + bottom) / 2, bottom - 3].map((y) => [x, y] as const),
  );
  return spots.every(([x, y]) => box.contains(globalThis.document.elementFromPoint(x, y)));
};

test('code is written as in an editor: suggestions in sight, what failed by line, renamed nodes followed', async ({
  page,
  context,
  ines,
  drawer,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ines.logIn();
  const stock = await newWorkspace(page, 'code');
  await page.goto(`/workflows/${await stock.workflow(document)}`);
  const { form } = drawer;
  const code = form.locator('.monaco-editor').first();
  const text = code.locator('.view-lines');
  const list = page.locator('.suggest-widget.visible');
  const suggestion = (name: string) =>
    list.getByRole('option', { name: new RegExp(`^${name.replace('$', '\\$')}\\b`) });
  const isSeen = (name: string) =>
    expect.poll(() => suggestion(name).locator('.label-name').evaluate(isWhole), { message: name }).toBe(true);
  const write = async (words: string) => {
    await page.keyboard.press('Control+A');
    await page.keyboard.type(words);
  };

  await test.step('Enter leads into the code, also before its editor is there: what is typed is in it, and Escape leads back', async () => {
    let isThere = () => {};
    const arrived = new Promise<void>((resolve) => (isThere = resolve));
    await page.route(/code-field.*\.js/, async (route) => {
      await arrived;
      await route.continue();
    });
    const chosen = page.locator('.react-flow__node.selected');
    await drawer.choose('Code');
    await page.keyboard.press('Enter');
    await expect(form.locator('.code-coming')).toBeVisible();
    await page.keyboard.type('// 1');
    await page.keyboard.press('Enter');
    isThere();
    await expect(text).toHaveText(/^\/\/\s1return\s\$\('hook'\)/);
    await expect(code.locator('.native-edit-context')).toBeFocused();
    for (let press = 0; press < 2; press++) await page.keyboard.press('Escape');
    await expect(chosen).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.type('/* 2 */');
    await expect(text).toContainText('/* 2 */');
    for (let press = 0; press < 2; press++) await page.keyboard.press('Escape');
    await expect(chosen).toBeFocused();
    for (let press = 0; press < 40 && (await page.getByRole('button', { name: 'Undo' }).isEnabled()); press++)
      await page.keyboard.press('Control+Z');
  });

  await test.step('the editor has all that its panel leaves', async () => {
    await drawer.choose('Code');
    await expect(text).toContainText("$('hook')");
    const room = await form.boundingBox();
    const box = await code.boundingBox();
    expect(box?.width).toBeGreaterThan((room?.width ?? 0) - 40);
    expect(box?.height).toBeGreaterThan((room?.height ?? 0) / 2);
  });

  await test.step('what the sandbox has is suggested, in a list that nothing cuts', async () => {
    await text.click();
    await write('return $');
    // Who types before the language is there gets no list by itself, and asks for it.
    await expect(async () => {
      if (!(await list.isVisible())) await page.keyboard.press('Control+Space');
      await expect(suggestion('$json')).toBeVisible({ timeout: 3_000 });
    }).toPass();
    for (const name of ['$input', '$json', '$items', '$now']) await isSeen(name);
    await expect.poll(() => list.evaluate(isWhole)).toBe(true);
    await suggestion('$input').click();
    await page.keyboard.type('.');
    for (const name of ['all', 'first', 'item', 'last']) await isSeen(name);
    await expect.poll(() => list.evaluate(isWhole)).toBe(true);
    await page.keyboard.press('Enter');
    await expect(text).toHaveText(/^return\s\$input\.all$/);
    await write('return DateT');
    await expect(suggestion('DateTime').first()).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(list).toHaveCount(0);
    await expect(drawer.card('Code')).toBeVisible();
  });

  await test.step('lines are pasted, cut and taken back in the editor alone', async () => {
    const pasted = "const one = 1;\nconsole.log('asks for', one);\n  throw new Error('no stock');\n";
    await page.evaluate((words) => navigator.clipboard.writeText(words), pasted);
    await write(' ');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+V');
    await expect(text.locator('.view-line')).toHaveCount(4);
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+X');
    await expect(text.locator('.view-line')).toHaveCount(1);
    await page.keyboard.press('Control+Z');
    await expect(text.locator('.view-line')).toHaveCount(4);
    expect(await drawer.titles()).toEqual(['Starts', 'Code']);
    await expect(page.locator('.toast')).toHaveCount(0);
  });

  await test.step('Escape closes what is open over the text first, one thing at a time, and the text keeps the keys', async () => {
    await page.keyboard.press('Control+F');
    const find = code.locator('.find-widget.visible');
    await expect(find).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(find).toHaveCount(0);
    await expect(code.locator(':focus')).toHaveCount(1);
    // A hint at a word closes by any key, and Escape is no more than that.
    await page.keyboard.press('Control+Home');
    for (let step = 0; step < 7; step++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    await expect(page.locator('.monaco-hover:not(.hidden)').first()).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.locator('.monaco-hover:not(.hidden)')).toHaveCount(0);
    await expect(code.locator(':focus')).toHaveCount(1);
    await page.keyboard.press('Control+A');
  });

  await test.step('Escape leads out of the editor in two steps: words written too soon do nothing to the graph', async () => {
    // The first lets go of what is chosen in the text.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('tabpanel', { name: 'Params' })).toBeFocused();
    await page.keyboard.type('add data');
    expect(await drawer.titles()).toEqual(['Starts', 'Code']);
    await expect(page.locator('.node.off')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(page.locator('.react-flow__node.selected')).toBeFocused();
  });

  await test.step('what failed says its line and column, after what was logged before', async () => {
    const written = await text.innerText();
    await text.click();
    await page.keyboard.press('Control+Enter');
    const data = page.getByRole('region', { name: 'Data of the node' });
    await expect(data.getByRole('alert')).toContainText('no stock (line 3, column 9)');
    await data.getByRole('tab', { name: 'Log 1', exact: true }).click();
    await expect(data.getByRole('region', { name: 'Log' })).toContainText('asks for 1');
    expect(await text.innerText()).toBe(written);
  });

  await test.step('a name with a space is refused in words, and a right one is followed in code, there and back', async () => {
    await text.click();
    await write("return $('hook').all();");
    await drawer.choose('Starts');
    await form.getByRole('tab', { name: 'Settings' }).click();
    const key = form.getByLabel('Name in expressions');
    await key.fill('order hook');
    await page.keyboard.press('Enter');
    const refusal = form.getByRole('alert');
    await expect(refusal).toContainText('A space cannot be in the name. Enter order_hook.');
    // It is there again for whoever comes back.
    await drawer.choose('Code');
    await expect(refusal).toHaveCount(0);
    await drawer.choose('Starts');
    await expect(key).toHaveValue('order hook');
    await expect(refusal).toContainText('Enter order_hook.');
    await key.fill('order_hook');
    await page.keyboard.press('Enter');
    await expect(form.getByRole('alert')).toHaveCount(0);
    await drawer.choose('Code');
    await form.getByRole('tab', { name: 'Params' }).click();
    await expect(text).toHaveText(/^return\s\$\('order_hook'\)\.all\(\);$/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(text).toHaveText(/^return\s\$\('hook'\)\.all\(\);$/);
    await page.getByRole('button', { name: 'Redo' }).click();
    await expect(text).toHaveText(/^return\s\$\('order_hook'\)\.all\(\);$/);
  });

  await test.step('the panel grows for code, and shrinks again', async () => {
    const before = (await code.boundingBox())?.width;
    await form.getByRole('button', { name: 'Expand the panel' }).click();
    await expect.poll(async () => (await code.boundingBox())?.width).toBeGreaterThan(800);
    await form.getByRole('button', { name: 'Shrink the panel' }).click();
    await expect.poll(async () => (await code.boundingBox())?.width).toBe(before);
  });

  await test.step('the panel is as wide as its line is drawn, by mouse and keys, and that and the run are there after a reload', async () => {
    const width = async () => (await form.boundingBox())?.width ?? 0;
    const [first, box] = [await width(), await form.boundingBox()];
    const left = box?.x ?? 0;
    await drawer.drag([left + 2, 420], [left - 98, 420]);
    await expect.poll(width).toBe(first + 100);
    const line = form.getByRole('separator', { name: 'Width of the panel' });
    await line.focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(width).toBe(first + 124);
    await expect(page.getByRole('banner').getByRole('status').filter({ hasText: 'Saved' })).toHaveCount(1);
    await page.reload();
    await drawer.choose('Code');
    await expect.poll(width).toBe(first + 124);
    await expect(page.locator('.runbar')).toContainText('Failed');
    await expect(drawer.card('Code')).toContainText('Edited since this run');
    await line.focus();
    await page.keyboard.press('Home');
    await expect(line).toHaveAttribute('aria-valuenow', '280');
  });
});
