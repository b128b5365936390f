import type { Locator, Page } from '@playwright/test';
import { workflow } from '../flow/document/workflow.ts';
import { middle } from './people/box.ts';
import { newWorkspace } from './people/stock.ts';
import { expect, test } from './people/test.ts';

/** Every key of the editor's commands that would change the drawing, the selection or what is seen of it. */
const groups: readonly (readonly string[])[] = [
  ['Delete', 'Backspace', 'F2', 'Shift+Enter', ' ', '/', '1', '+', '=', '-'],
  ['n', 'd', 'p', 'c', 'a', 'o', 'i', 'Shift+C', 'Shift+S', 'Shift+L', 'Shift+D'],
  ['Control+Z', 'Control+Shift+Z', 'Control+Y', 'Control+C', 'Control+D', 'Control+A'],
  ['Control+X', 'Control+V', 'Control+Backspace', 'Control+Delete'],
  ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].flatMap((key) => [key, `Alt+${key}`, `Alt+Shift+${key}`]),
];

const document = workflow.parse({
  heddle: 1,
  name: 'Fields',
  nodes: [
    { key: 'hook', type: 'start.webhook', at: [0, 0], params: { path: 'fields' }, title: 'Comes in' },
    {
      key: 'set',
      type: 'data.set',
      at: [240, 0],
      params: { fields: [{ name: 'a', value: '{{ $json.a }}' }] },
      title: 'Sets',
    },
    {
      key: 'big',
      type: 'rules.if',
      at: [480, 0],
      params: { where: { all: [{ left: '{{ $json.a }}', op: 'equals', right: 'b' }] } },
      title: 'Big',
    },
    // Two rows: beside the form every card is in sight.
    { key: 'few', type: 'data.limit', at: [0, 160], params: { count: 3 }, title: 'Few' },
    { key: 'code', type: 'code.javascript', at: [240, 160], params: { code: 'return 1;' }, title: 'Code' },
    { key: 'ask', type: 'connect.http-request', at: [480, 160], params: { url: 'https://example.com' }, title: 'Asks' },
  ],
  edges: [
    { from: 'hook', to: 'set' },
    { from: 'set', to: 'big' },
    { from: 'big', to: 'few' },
    { from: 'few', to: 'code' },
  ],
  notes: [{ id: 'note-1', text: 'Words', at: [0, 320] }],
});

/** The drawing and what is chosen of it, as far as a shortcut could change it. */
const picture = (page: Page) =>
  page.evaluate(() => ({
    cards: [...globalThis.document.querySelectorAll('.react-flow__node')].map((node) => [
      node.getAttribute('data-id'),
      node instanceof HTMLElement ? node.style.transform : '',
      node.classList.contains('selected'),
      node.querySelector('.node')?.classList.contains('is-disabled'),
    ]),
    edges: [...globalThis.document.querySelectorAll('.react-flow__edge')].map((edge) => edge.getAttribute('data-id')),
    panels: [...globalThis.document.querySelectorAll('.side-panel, .picker, .data-room, [role=dialog]')].length,
    camera: globalThis.document.querySelector<HTMLElement>('.react-flow__viewport')?.style.transform,
    toasts: globalThis.document.querySelectorAll('.toast').length,
  }));

/** Controls as the browser has them, which forms of tomorrow may use: in no room of the editor, so that they alone say what they are. */
const layPlainControls = (page: Page) =>
  page.evaluate(() => {
    const room = globalThis.document.createElement('form');
    room.style.cssText = 'position:fixed;right:8px;bottom:8px;z-index:50';
    room.innerHTML = `
      <select id="plain-select"><option>one</option><option>two</option></select>
      ${['checkbox', 'radio', 'number', 'search'].map((kind) => `<input id="plain-${kind}" type="${kind}" value="1">`).join('')}`;
    globalThis.document.body.append(room);
  });

test('what has the focus owns its keys: no shortcut acts on the canvas from any kind of field, and what is typed arrives', async ({
  page,
  context,
  ines,
  drawer,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ines.logIn();
  const stock = await newWorkspace(page, 'keys');
  await page.goto(`/workflows/${await stock.workflow(document)}`);
  await expect(drawer.card('Code')).toBeVisible();
  await page.getByRole('button', { name: 'Nodes', exact: true }).click();
  await page.keyboard.press('1');
  await page.evaluate(() => navigator.clipboard.writeText('clip'));
  const { form } = drawer;

  const kinds: {
    readonly name: string;
    readonly node: string;
    readonly field: () => Locator;
    readonly text?: boolean;
    readonly tab?: string;
  }[] = [
    { name: 'text', node: 'Comes in', field: () => form.getByLabel('Path', { exact: true }), text: true },
    { name: 'choice', node: 'Comes in', field: () => form.getByRole('combobox').first() },
    { name: 'expression', node: 'Sets', field: () => form.getByLabel('Value', { exact: true }).first(), text: true },
    {
      name: 'condition',
      node: 'Big',
      field: () => form.getByLabel('Right side of Condition 1', { exact: true }),
      text: true,
    },
    { name: 'number', node: 'Few', field: () => form.locator('input').first() },
    { name: 'tab', node: 'Few', field: () => form.getByRole('tab', { name: 'Params' }) },
    {
      name: 'switch',
      node: 'Few',
      field: () => form.getByRole('switch', { name: 'Run when no items come in' }),
      tab: 'Settings',
    },
    {
      name: 'duration',
      node: 'Few',
      field: () => form.getByLabel('Timeout', { exact: true }),
      text: true,
      tab: 'Settings',
    },
    ...['select', 'checkbox', 'radio', 'number', 'search'].map((kind) => ({
      name: kind,
      node: 'Few',
      field: () => page.locator(`#plain-${kind}`),
    })),
    { name: 'code', node: 'Code', field: () => form.locator('.native-edit-context, .monaco-editor textarea').first() },
    {
      name: 'name',
      node: 'Code',
      field: () => page.getByRole('textbox', { name: 'Name of the workflow' }),
      text: true,
    },
  ];
  await layPlainControls(page);
  for (const { name, node, field, text, tab = 'Params' } of kinds)
    await test.step(`${name} of ${node}`, async () => {
      await drawer.choose(node);
      if (!name.startsWith('tab')) await form.getByRole('tab', { name: tab, exact: true }).click();
      await field().focus();
      await expect(field()).toBeFocused();
      const before = await picture(page);
      for (const group of groups) {
        for (const shortcut of group) await page.keyboard.press(shortcut);
        // An open list is closed again.
        if (await page.locator('[role=listbox][data-state=open]').count()) await page.keyboard.press('Escape');
        expect(await picture(page), `${group.join(', ')} in ${name}`).toEqual(before);
        if (!(await field().evaluate((one) => one === globalThis.document.activeElement))) await field().focus();
      }
      if (!text) return;
      const was = await field().inputValue();
      await page.keyboard.press('Control+A');
      await page.keyboard.type('a new note, nop 1+1 / d');
      await expect(field()).toHaveValue('a new note, nop 1+1 / d');
      await page.keyboard.press('Control+Z');
      await expect(field()).not.toHaveValue('a new note, nop 1+1 / d');
      // By words, not by letters: Chromium ends a word of its own where something leaves the page meanwhile.
      for (let step = 1; step < 8 && (await field().inputValue()) !== was; step++)
        await page.keyboard.press('Control+Z');
      // The first letter made a plain value of an expression, which has a field of its own.
      expect([was, 'a'], name).toContain(await field().inputValue());
      expect((await picture(page)).cards).toEqual(before.cards);
    });

  await test.step('code is typed, pasted, cut and taken back, also in a composition', async () => {
    await drawer.choose('Code');
    const code = form.locator('.monaco-editor').first();
    const lines = () =>
      code
        .locator('.view-lines')
        .innerText()
        .then((shown) => shown.replaceAll('\u00A0', ' ').trim());
    await code.locator('.view-lines').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('let two = 1 + 1');
    await expect.poll(lines).toBe('let two = 1 + 1');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+C');
    await page.keyboard.press('Control+X');
    await expect.poll(lines).toBe('');
    await page.keyboard.press('Control+V');
    await expect.poll(lines).toBe('let two = 1 + 1');
    await page.keyboard.press('Control+Z');
    await expect.poll(lines).toBe('');
    const wire = await context.newCDPSession(page);
    await wire.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
    await wire.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
    await wire.send('Input.insertText', { text: '日本' });
    await expect.poll(lines).toBe('日本');
    await expect(drawer.card('Code')).toBeVisible();
    await expect(page.locator('.toast')).toHaveCount(0);
  });

  await test.step('note, title, palettes and dialogs keep theirs', async () => {
    const places: {
      readonly name: string;
      readonly open: () => Promise<void>;
      readonly field: () => Locator;
      readonly close: () => Promise<void>;
    }[] = [
      {
        name: 'title',
        open: async () => {
          await drawer.choose('Few');
          await page.locator('.react-flow__node.selected').focus();
          await page.keyboard.press('F2');
        },
        field: () => page.getByRole('textbox', { name: 'Title', exact: true }),
        close: () => page.keyboard.press('Escape'),
      },
      {
        name: 'note',
        open: async () => page.locator('.note-read').dblclick(),
        field: () => page.getByRole('textbox', { name: 'Text of the note' }),
        close: () => page.keyboard.press('Escape'),
      },
      {
        name: 'picker',
        open: async () => {
          await drawer.choose('Few');
          await page.locator('.react-flow__node.selected').focus();
          await page.keyboard.press('n');
        },
        field: () => page.getByRole('combobox', { name: 'Find a node' }),
        close: () => page.keyboard.press('Escape'),
      },
      {
        name: 'commands',
        open: () => page.keyboard.press('Control+K'),
        field: () => page.getByPlaceholder('Find a command'),
        close: () => page.keyboard.press('Escape'),
      },
    ];
    const typed = groups.flat().filter((key) => !['F2', 'Shift+Enter'].includes(key) && !/\+[ZY]$/.test(key));
    for (const { name, open, field, close } of places) {
      await open();
      await expect(field()).toBeFocused();
      const before = await picture(page);
      for (const shortcut of typed) await page.keyboard.press(shortcut);
      expect(await picture(page), name).toEqual(before);
      await page.keyboard.press('Control+A');
      await page.keyboard.type('nop d');
      await expect(field()).toHaveValue('nop d');
      await close();
      await expect(field()).toHaveCount(0);
    }
  });

  await test.step('so does the dialog that publishes', async () => {
    await page.getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    const before = await picture(page);
    // Space and Enter press the button that has the focus.
    for (const key of groups.flat().filter((one) => one !== ' ' && one !== 'Shift+Enter'))
      await page.keyboard.press(key);
    expect(await picture(page)).toEqual(before);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  });

  await test.step('on the canvas they are shortcuts again', async () => {
    await drawer.choose('Few');
    await page.locator('.react-flow__node.selected').focus();
    await page.keyboard.press('d');
    await expect(drawer.card('Few')).toHaveClass(/is-disabled/);
    await page.keyboard.press('Delete');
    await expect(drawer.card('Few')).toHaveCount(0);
  });
});

test('what is typed while a part of the page is on its way is that part’s: the canvas under it takes no letter of it', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'coming');
  await page.goto(`/workflows/${await stock.workflow(document)}`);
  await expect(drawer.card('Few')).toBeVisible();
  /** Holds back the code of a part, which nobody has asked for yet, until the gate is opened. */
  const holdBack = async (name: string) => {
    const gate = Promise.withResolvers<void>();
    await page.route(`**/assets/${name}-*.js`, async (route) => {
      await gate.promise;
      await route.continue();
    });
    return gate;
  };

  await test.step('the palette: a first letter is no shortcut, Enter runs what was typed', async () => {
    await drawer.choose('Few');
    await page.locator('.react-flow__node.selected').focus();
    const before = await picture(page);
    const gate = await holdBack('palette');
    await page.keyboard.press('Control+K');
    await page.keyboard.type('dark');
    await page.keyboard.press('Backspace');
    expect(await picture(page)).toEqual(before);
    gate.resolve();
    await expect(page.getByPlaceholder('Find a command')).toHaveValue('dar');
    await page.keyboard.press('Escape');
    // It is on its way out.
    await expect.poll(() => picture(page)).toEqual(before);
  });

  await test.step('the nodes for an edge that was let go on the canvas', async () => {
    const gate = await holdBack('link-picker');
    const [x, y] = await middle(drawer.card('Code'));
    await drawer.drag(await middle(drawer.card('Code').locator('.eye.out').first()), [x + 40, y + 180]);
    const cards = await drawer.titles();
    await page.keyboard.type('no op');
    expect(await drawer.titles()).toEqual(cards);
    gate.resolve();
    await expect(page.getByRole('combobox', { name: 'Find a node' })).toHaveValue('no op');
    await page.keyboard.press('Escape');
  });

  await test.step('the field of code: who presses it while it loads writes in it', async () => {
    const gate = await holdBack('code-field');
    await drawer.choose('Code');
    await page.locator('.code-coming').click();
    gate.resolve();
    const code = drawer.form.locator('.native-edit-context, .monaco-editor textarea').first();
    await expect(code).toBeFocused();
  });

  await test.step('a row of the outline that a busy machine draws late: the focus is put there, and nowhere else meanwhile', async () => {
    await drawer.choose('Few');
    await page.keyboard.press('o');
    const outline = page.getByRole('complementary', { name: 'Outline' });
    await outline.getByRole('treeitem', { name: /^Few/ }).focus();
    await page.evaluate(() => {
      const draw = globalThis.requestAnimationFrame.bind(globalThis);
      globalThis.requestAnimationFrame = (call) => draw(() => void setTimeout(() => draw(call), 300));
    });
    await page.keyboard.press('n');
    await expect(page.getByRole('combobox', { name: 'Find a node' })).toBeFocused();
    await page.keyboard.type('set');
    await expect(page.getByRole('option').first()).toContainText('Set fields');
    await page.keyboard.press('Enter');
    await expect(outline.getByRole('treeitem', { name: /^Set fields/ })).toBeFocused();
    await page.reload();
    await drawer.choose('Few');
  });

  // On a busy machine the next key is there before what the first one called is drawn: here both come in one turn of the page.
  const inOneTurn = (keys: string) =>
    page.evaluate((all) => {
      for (const key of all) {
        const shiftKey = key !== key.toLowerCase();
        const event = new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true });
        (globalThis.document.activeElement ?? globalThis.document.body).dispatchEvent(event);
      }
    }, keys);

  await test.step('a new note: its first letters are written in it', async () => {
    const cards = await drawer.titles();
    await page.locator('.react-flow__node.selected').focus();
    await inOneTurn('Snop d');
    await expect(page.getByRole('textbox', { name: 'Text of the note' })).toHaveValue('nop d');
    expect(await drawer.titles()).toEqual(cards);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.keyboard.press('Escape');
  });

  await test.step('the list of nodes, once it was there before', async () => {
    const search = page.getByPlaceholder('Find a node');
    await inOneTurn('/');
    await expect(search).toBeFocused();
    await page.keyboard.press('Escape');
    await drawer.choose('Few');
    await page.locator('.react-flow__node.selected').focus();
    const before = await picture(page);
    await inOneTurn('/nd');
    await expect(search).toHaveValue('nd');
    expect(await picture(page)).toEqual(before);
  });
});
