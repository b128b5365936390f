import type { Locator, Page } from '@playwright/test';
import { boxOf, middle } from './people/box.ts';
import type { Drawer } from './people/drawer.ts';
import { newWorkspace, orders } from './people/stock.ts';
import { expect, test } from './people/test.ts';

const empty = { heddle: 1, name: 'Empty', nodes: [], edges: [] } as const;
const canvasOf = (page: Page) => page.getByRole('main', { name: 'Canvas' });

/** The edges that are drawn, by their names. */
const edges = (page: Page) =>
  canvasOf(page)
    .locator('.react-flow__edge')
    .evaluateAll((all) => all.map((edge) => edge.getAttribute('aria-label')).toSorted());

/** No two cards lie over each other. */
async function expectNothingCovered(page: Page): Promise<void> {
  const boxes = await canvasOf(page)
    .locator('.node')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect));
  const covered = boxes.filter((one, index) =>
    boxes
      .slice(index + 1)
      .some((two) => one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom),
  );
  expect(covered, 'cards that cover each other').toEqual([]);
}

/** Whether nothing lies over the upper edge of something. In the page. */
function isFree(room: Element): boolean {
  const { left, top, width } = room.getBoundingClientRect();
  const spots = [0.1, 0.3, 0.5, 0.7, 0.9].flatMap((share) => [3, 9, 18].map((y) => [left + width * share, top + y]));
  return spots.every(([x = 0, y = 0]) => room.contains(document.elementFromPoint(x, y)));
}

async function openOrders(page: Page, drawer: Drawer, slug: string): Promise<void> {
  const stock = await newWorkspace(page, slug);
  await page.goto(`/workflows/${await stock.workflow(orders('http://127.0.0.1:9/stock'))}`);
  await expect(drawer.card('Answer the shop')).toBeVisible();
}

test('every button of the empty canvas adds its start, and the link leads to the gallery', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'starts');
  await page.goto(`/workflows/${await stock.workflow({ ...empty, nodes: [], edges: [] })}`);
  const starts = page.getByRole('group', { name: 'Starts' }).getByRole('button');
  await expect(starts).toHaveCount(6);
  for (let index = 0; index < 6; index++) {
    const title = await starts.nth(index).innerText();
    await page.mouse.click(...(await middle(starts.nth(index))));
    await expect(drawer.card(title)).toBeVisible();
    await expect(starts).toHaveCount(0);
    await page.keyboard.press('Control+Z');
    await expect(starts).toHaveCount(6);
  }
  const [x, y] = await middle(starts.first());
  const title = await starts.first().innerText();
  await page.mouse.dblclick(x, y);
  await expect(drawer.form.getByRole('heading', { level: 2 })).toHaveText(title);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Z');
  await expect(starts).toHaveCount(6);
  await page.mouse.click(...(await middle(canvasOf(page).getByRole('link', { name: 'gallery' }))));
  await expect(page.getByRole('heading', { name: 'Gallery', level: 1 })).toBeVisible();
});

test('an edge is chosen, split, deleted and taken elsewhere by hand, and each is one step to undo', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  await openOrders(page, drawer, 'edges');
  const first = drawer.edge('Order comes in', 'Work out the total');
  const before = await edges(page);
  const tools = page.getByRole('group', { name: 'Connection' });
  const undo = async () => {
    await page.keyboard.press('Control+Z');
    await expect.poll(() => edges(page)).toEqual(before);
  };

  await test.step('tools come where the pointer rests, and a click chooses', async () => {
    await expect(tools).toHaveCount(0);
    await page.mouse.move(...(await drawer.along(first)), { steps: 4 });
    await expect(tools).toBeVisible();
    await page.mouse.click(...(await drawer.along(first)));
    await expect(first).toHaveClass(/selected/);
    await page.mouse.move(700, 700);
    await expect(tools).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(first).not.toHaveClass(/selected/);
    await expect(tools).toHaveCount(0);
    await page.keyboard.press('Control+A');
    await expect(first).toHaveClass(/selected/);
    await expect(tools, 'all are chosen: none has tools over the nodes').toHaveCount(0);
    await page.mouse.move(...(await drawer.along(first)), { steps: 4 });
    await expect(tools).toHaveCount(1);
    await page.mouse.move(700, 700);
    await page.keyboard.press('Escape');
    await expect(tools).toHaveCount(0);
  });

  await test.step('Delete takes the chosen edge away, as the bin does and its menu', async () => {
    for (const key of ['Delete', 'Backspace']) {
      await page.mouse.click(...(await drawer.along(first)));
      await page.keyboard.press(key);
      await expect(first).toHaveCount(0);
      await undo();
    }
    await page.mouse.move(...(await drawer.along(first)), { steps: 4 });
    await page.mouse.click(...(await middle(tools.getByRole('button', { name: 'Delete the connection' }))));
    await expect(first).toHaveCount(0);
    await undo();
    await page.mouse.click(...(await drawer.along(first)), { button: 'right' });
    await page.getByRole('menuitem', { name: /^Delete/ }).click();
    await expect(first).toHaveCount(0);
    await undo();
  });

  await test.step('a node that is inserted pushes what follows', async () => {
    await page.mouse.move(...(await drawer.along(first)), { steps: 4 });
    await page.mouse.click(...(await middle(tools.getByRole('button', { name: 'Insert a node here' }))));
    await page.keyboard.type('set fields');
    await page.keyboard.press('Enter');
    await expect(drawer.edge('Order comes in', 'Set fields')).toBeAttached();
    await expect(drawer.edge('Set fields', 'Work out the total')).toBeAttached();
    await expectNothingCovered(page);
    const [one, two, three] = [
      await boxOf(drawer.card('Order comes in')),
      await boxOf(drawer.card('Set fields')),
      await boxOf(drawer.card('Work out the total')),
    ];
    expect(two.x).toBeGreaterThan(one.x + one.width);
    expect(three.x).toBeGreaterThan(two.x + two.width);
    await undo();
    await page.keyboard.press('1');
  });

  await test.step('its end goes to another port; over nothing it is back as it was', async () => {
    const answered = drawer.edge('Over 100?', 'Answer the shop');
    const end = await drawer.along(answered, 1);
    const hold = [end[0] - 12, end[1]] as const;
    await drawer.drag(hold, [end[0] - 60, end[1] + 200]);
    await expect(page.getByRole('dialog', { name: 'Add a node' })).toHaveCount(0);
    expect(await edges(page)).toEqual(before);
    await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
    await page.mouse.click(...(await drawer.along(answered)));
    await drawer.drag(hold, await middle(drawer.card('Reserve stock').locator('.eye.in')));
    await expect(answered).toHaveCount(0);
    await expect(drawer.edge('Over 100?', 'Reserve stock')).toHaveCount(2);
    await undo();
  });

  await test.step('pressed at the port itself, its end is taken too', async () => {
    // Once the camera rests.
    await drawer.along(first);
    const port = await middle(drawer.card('Work out the total').locator('.eye.in'));
    await drawer.drag(port, await middle(drawer.card('Reserve stock').locator('.eye.in')));
    await expect(drawer.edge('Order comes in', 'Reserve stock')).toBeAttached();
    await expect(first).toHaveCount(0);
    expect(await edges(page)).toHaveLength(before.length);
    await undo();
  });

  await test.step('let go over the middle of a card it goes to that card, there and back; one that takes none says why', async () => {
    const [order, stock, answer] = ['Order comes in', 'Reserve stock', 'Answer the shop'].map(drawer.card);
    const taking = page.locator('[data-takes]');
    await page.mouse.move(...(await middle(order!.locator('.eye.out'))));
    await page.mouse.down();
    await page.mouse.move(...(await middle(stock!)), { steps: 6 });
    await expect(taking).toHaveAttribute('data-id', 'stock');
    await page.mouse.up();
    await expect(drawer.edge('Order comes in', 'Reserve stock')).toBeAttached();
    await expect(taking).toHaveCount(0);
    await expect(page.getByRole('dialog', { name: 'Add a node' })).toHaveCount(0);
    await undo();
    // Two edges lead to this input: a press draws a new one, backwards.
    await drawer.drag(await middle(answer!.locator('.eye.in')), await middle(order!));
    await expect(drawer.edge('Order comes in', 'Answer the shop')).toBeAttached();
    await undo();
    await drawer.drag(await middle(answer!.locator('.eye.out')), await middle(order!));
    await expect(page.locator('.toast').first()).toContainText('takes no input');
    expect(await edges(page)).toEqual(before);
    const end = await drawer.along(drawer.edge('Over 100?', 'Answer the shop'), 1);
    await page.mouse.click(...(await drawer.along(drawer.edge('Over 100?', 'Answer the shop'))));
    await drawer.drag([end[0] - 12, end[1]], await middle(stock!));
    await expect(drawer.edge('Over 100?', 'Reserve stock')).toHaveCount(2);
    await undo();
  });

  await test.step('a node of the palette lights the edge where it comes to rest, a card only one that it would go into', async () => {
    const lit = canvasOf(page).locator('.react-flow__edge.is-drop');
    const [x, y] = await drawer.along(first);
    const palette = page.getByRole('complementary', { name: 'Nodes' });
    await page.mouse.move(...(await middle(palette.getByRole('button', { name: 'Set fields', exact: true }))));
    await page.mouse.down();
    await page.mouse.move(x, y + 60, { steps: 3 });
    await expect(lit).toHaveCount(0);
    await page.mouse.move(x, y);
    await expect(lit).toHaveAttribute('aria-label', 'From Order comes in to Work out the total');
    await page.mouse.up();
    await expect(drawer.edge('Order comes in', 'Set fields')).toBeAttached();
    await expect(lit).toHaveCount(0);
    await undo();
    await page.keyboard.press('1');
    await drawer.along(first);
    const wired = await boxOf(drawer.card('Reserve stock'));
    await page.mouse.move(wired.x + 14, wired.y + 14);
    await page.mouse.down();
    await page.mouse.move(...(await drawer.along(first)), { steps: 6 });
    await expect(page.locator('.react-flow__node.dragging')).toHaveCount(1);
    expect(await lit.count()).toBe(0);
    await page.mouse.up();
    await page.keyboard.press('Control+Z');
  });

  await test.step('a card that is dragged is chosen when it is let go: nothing opens, closes or moves under the hand', async () => {
    const heading = drawer.form.getByRole('heading', { level: 2 });
    const seen = () => page.locator('.react-flow__viewport').evaluate((port) => getComputedStyle(port).transform);
    await drawer.choose('Order comes in');
    await page.keyboard.press('1');
    for (const before of ['Order comes in', undefined]) {
      // Once the camera rests.
      await drawer.along(first);
      const card = await boxOf(drawer.card('Reserve stock'));
      const rest = await seen();
      await page.mouse.move(card.x + 14, card.y + 14);
      await page.mouse.down();
      await page.mouse.move(card.x + 60, card.y + 100, { steps: 8 });
      await expect(page.locator('.react-flow__node.dragging.selected')).toHaveCount(1);
      if (before === undefined) await expect(heading).toHaveCount(0);
      else await expect(heading).toHaveText(before);
      expect(await seen()).toBe(rest);
      await page.mouse.up();
      await expect(heading).toHaveText('Reserve stock');
      await page.keyboard.press('Control+Z');
      await page.keyboard.press('Escape');
      await expect(heading).toHaveCount(0);
    }
  });

  await test.step('it is reached by Tab, and commands are about it', async () => {
    await first.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await expect(first).toHaveClass(/selected/);
    await page.keyboard.press('n');
    await expect(page.getByRole('dialog', { name: 'Add a node' }).getByRole('combobox')).toBeFocused();
    await page.keyboard.press('Escape');
    await first.focus();
    await page.keyboard.press('Delete');
    await expect(first).toHaveCount(0);
    await undo();
  });
});

test('what is pasted, written and let go finds its place, and undo gives all of it back', async ({
  page,
  ines,
  drawer,
}) => {
  // As on plain http over a LAN: only the events of copy, cut and paste bring the clipboard.
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await ines.logIn();
  await openOrders(page, drawer, 'places');
  const start = await drawer.titles();
  const notes = canvasOf(page).locator('.sticky');

  await test.step('the edge stays drawn while the picker asks what comes there', async () => {
    const port = await boxOf(drawer.card('Over 100?').locator('[data-handleid="false"]'));
    await drawer.drag([port.x + 3, port.y + 6], [port.x + 110, port.y + 160]);
    await expect(page.getByRole('dialog', { name: 'Add a node' })).toBeVisible();
    const drawn = await boxOf(page.locator('.loose-edge path'));
    expect(Math.abs(drawn.x - port.x)).toBeLessThan(12);
    expect(Math.abs(drawn.x + drawn.width - (port.x + 110))).toBeLessThan(12);
    await page.keyboard.press('Escape');
    await expect(page.locator('.loose-edge')).toHaveCount(0);
  });

  await test.step('a box that is drawn with Shift marks nodes and no text: Ctrl+C took the words of the page, and Ctrl+X left the nodes', async () => {
    const before = await drawer.titles();
    const boxes = [await boxOf(drawer.card('Over 100?')), await boxOf(drawer.card('Work out the total'))];
    const [left, right] = [Math.min(...boxes.map(({ x }) => x)), Math.max(...boxes.map(({ x, width }) => x + width))];
    const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
    const top = Math.min(...boxes.map(({ y }) => y));
    const box = async () => {
      // From where somebody pressed last a browser marks on: with the words in the corners of the canvas between.
      for (const [from, to] of [
        [
          [left - 12, bottom + 60],
          [right - 20, top + 20],
        ],
        [
          [right + 12, bottom + 60],
          [left + 20, top + 20],
        ],
        [
          [left - 12, top - 60],
          [right - 20, bottom - 20],
        ],
      ] as const) {
        await page.mouse.click(left + 60, bottom + 130);
        await page.keyboard.down('Shift');
        await drawer.drag(from, to);
        await page.keyboard.up('Shift');
        expect(await page.evaluate(() => String(getSelection()))).toBe('');
      }
      const marked = canvasOf(page)
        .locator('.react-flow__node.selected')
        .filter({ has: page.locator('.node') });
      await expect.poll(() => marked.count()).toBeGreaterThan(1);
      return marked.count();
    };
    const count = await box();
    await page.keyboard.press('Control+C');
    await page.keyboard.press('Control+V');
    await expect.poll(() => drawer.titles()).toHaveLength(before.length + count);
    await page.keyboard.press('Control+Z');
    await expect.poll(() => drawer.titles()).toHaveLength(before.length);
    expect(await box()).toBe(count);
    await page.keyboard.press('Control+X');
    await expect.poll(() => drawer.titles()).toHaveLength(before.length - count);
    await page.keyboard.press('Control+Z');
    await expect.poll(() => drawer.titles()).toHaveLength(before.length);
  });

  await test.step('a copy covers nothing', async () => {
    await drawer.choose('Work out the total');
    await canvasOf(page).locator('.react-flow__node.selected').focus();
    await page.keyboard.press('Control+C');
    await page.keyboard.press('Control+V');
    await expect.poll(() => drawer.titles()).toHaveLength(6);
    await page.keyboard.press('Control+V');
    await page.keyboard.press('Control+D');
    await expect.poll(() => drawer.titles()).toHaveLength(8);
    await expectNothingCovered(page);
    await page.keyboard.press('Control+X');
    await expect.poll(() => drawer.titles()).toHaveLength(7);
    await page.keyboard.press('Control+V');
    await expect.poll(() => drawer.titles()).toHaveLength(8);
    await page.mouse.click(...(await middle(drawer.card('Reserve stock'))), { button: 'right' });
    await page.getByRole('menuitem', { name: /^Copy as JSON/ }).click();
    await page.mouse.click(700, 760);
    await page.keyboard.press('Control+V');
    await expect(drawer.card('Reserve stock 2')).toHaveCount(1);
    await page.keyboard.press('Delete');
    await expect(drawer.card('Reserve stock 2')).toHaveCount(0);
  });

  await test.step('a new note is in writing: its words run no commands', async () => {
    await page.keyboard.press('Shift+S');
    await page.keyboard.type('nop a/s 1+1 delete d');
    await expect(page.getByRole('textbox', { name: 'Text of the note' })).toHaveValue('nop a/s 1+1 delete d');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('textbox', { name: 'Text of the note' })).toHaveCount(0);
    await expect(notes.last()).toContainText('nop a/s 1+1 delete d');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(await drawer.titles()).toHaveLength(8);
    await expect(page.locator('.react-flow__node-note:focus')).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('textbox', { name: 'Text of the note' })).toBeFocused();
    await page.keyboard.press('Escape');
  });

  await test.step('the name is typed, everything is undone, once more than there is, and redone', async () => {
    const name = page.getByRole('textbox', { name: 'Name of the workflow' });
    await page.mouse.click(...(await middle(name)));
    await page.keyboard.press('End');
    await page.keyboard.type(' of today');
    // Emptied to write another, it stays empty; left empty, it is what it was.
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Backspace');
    await expect(name).toHaveValue('');
    await page.keyboard.type('  ');
    await expect(page.getByRole('alert').filter({ hasText: 'Enter a name.' })).toBeVisible();
    await page.mouse.click(700, 760);
    await expect(name).toHaveValue('Orders of today');
    // At the front: the browser's own undo would take other letters away.
    await name.press('Home');
    await page.keyboard.type('All ');
    await expect(name).toHaveValue('All Orders of today');
    await page.mouse.click(700, 760);
    const read = async () => [await drawer.titles(), await notes.allInnerTexts()];
    const whole = await read();
    const undo = page.getByRole('button', { name: 'Undo' });
    const redo = page.getByRole('button', { name: 'Redo' });
    const byKeys = async () => {
      for (let step = 0; step < 40 && (await undo.isEnabled()); step++) await page.keyboard.press('Control+Z');
    };
    const ways: Readonly<Record<string, () => Promise<void>>> = {
      'by keys on the canvas': byKeys,
      'by the mouse': async () => {
        const at = await middle(undo);
        for (let step = 0; step < 40 && (await undo.isEnabled()); step++) await page.mouse.click(...at);
        // Nothing is left to undo: the button is off, and whoever came to it by keys is still there.
        await expect(undo).toBeFocused();
      },
      'and a field of the form has the focus': async () => {
        await byKeys();
        await drawer.choose('Order comes in');
        await page.mouse.click(...(await middle(drawer.form.getByLabel('Path', { exact: true }))));
      },
    };
    for (const [way, takeBack] of Object.entries(ways)) {
      await takeBack();
      await expect(undo, way).toBeDisabled();
      expect(await drawer.titles(), way).toEqual(start);
      for (const key of ['Control+Z', 'Control+Z', 'Control+Z']) await page.keyboard.press(key);
      await expect(name, way).toHaveValue('Orders');
      await expect(name, way).not.toBeFocused();
      if (way.startsWith('and')) await page.mouse.click(700, 760);
      for (let step = 0; step < 40 && (await redo.isEnabled()); step++) await page.keyboard.press('Control+Y');
      await expect(name, way).toHaveValue('All Orders of today');
      await expect.poll(read, way).toEqual(whole);
    }
  });

  await test.step('with Alt held, what is dragged leaves itself where it was', async () => {
    const card = await boxOf(drawer.card('Reserve stock'));
    const count = (await drawer.titles()).length;
    await page.keyboard.down('Alt');
    await drawer.drag([card.x + 14, card.y + 14], [card.x + 14, card.y - 110]);
    await page.keyboard.up('Alt');
    await expect.poll(() => drawer.titles()).toHaveLength(count + 1);
    await expect.poll(async () => (await boxOf(drawer.card('Reserve stock').first())).y).toBeCloseTo(card.y, 0);
  });
});

test('a node deleted by its menu, a press beside all and an undo: the canvas stays, and what is chosen is what was pressed last', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  await openOrders(page, drawer, 'chosen');
  const start = await drawer.titles();
  // What React Flow tells of a selection comes later than what undo chose: heard as a person's, each took the other back without end.
  for (const title of ['Over 100?', 'Reserve stock', 'Work out the total', 'Answer the shop']) {
    await page.mouse.click(...(await middle(drawer.card(title))), { button: 'right' });
    // All of it is seen, wherever it was asked for.
    expect(await page.getByRole('menu').evaluate((menu) => menu.scrollHeight - menu.clientHeight)).toBeLessThanOrEqual(
      1,
    );
    await page.getByRole('menuitem', { name: 'Delete Del' }).click();
    await expect(drawer.card(title)).toHaveCount(0);
    await canvasOf(page)
      .locator('.react-flow__pane')
      .click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('Control+Z');
    await expect.poll(() => drawer.titles()).toEqual(start);
    await expect(canvasOf(page).locator('.react-flow__node.selected')).toHaveCount(0);
  }
  await drawer.choose('Reserve stock');
  await expect(canvasOf(page).locator('.react-flow__node.selected')).toHaveCount(1);
  // Its body is an expression alone: looked at from the other side, the field stays, and so does what it said.
  const body = drawer.form.locator('[data-field="json"]');
  await body.getByText('Fixed', { exact: true }).click();
  await expect(body.getByRole('textbox', { name: 'JSON body' })).toHaveValue('');
  await body.getByText('Expression', { exact: true }).click();
  await expect(body.getByRole('textbox', { name: 'JSON body' })).toHaveValue('{{ $json }}');
});

test('a phone edits too: nothing of the canvas is off the screen, sheets open and close, a title is written', async ({
  page,
  ines,
  drawer,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await ines.logIn();
  await openOrders(page, drawer, 'phone');
  const isInside = async (of: Locator) => {
    await expect(of).toBeVisible();
    await expect(async () => {
      const { x, y, width, height } = await boxOf(of);
      expect([x >= 0, y >= 0, x + width <= 390, y + height <= 844]).toEqual([true, true, true, true]);
    }).toPass();
  };
  const rail = page.getByRole('navigation', { name: 'Panels' });
  for (const panel of ['Nodes', 'Outline']) {
    const sheet = page.getByRole('complementary', { name: panel, exact: true });
    await page.mouse.click(...(await middle(rail.getByRole('button', { name: panel, exact: true }))));
    await isInside(sheet);
    await page.mouse.click(...(await middle(rail.getByRole('button', { name: panel, exact: true }))));
    await expect(sheet).toHaveCount(0);
    // What lies over the canvas goes by Escape too, from what opened it.
    await page.mouse.click(...(await middle(rail.getByRole('button', { name: panel, exact: true }))));
    await expect(sheet).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(sheet).toHaveCount(0);
  }
  await page.mouse.click(...(await middle(drawer.card('Order comes in').locator('.node-selvage'))));
  await isInside(drawer.form);
  await isInside(drawer.card('Order comes in'));
  // A sheet ends above the form, and a word about what happened lies over the canvas: neither covers a field.
  await page.mouse.click(...(await middle(rail.getByRole('button', { name: 'Outline', exact: true }))));
  const sheet = await boxOf(page.getByRole('complementary', { name: 'Outline', exact: true }));
  const top = (await boxOf(drawer.form)).y;
  expect(sheet.y + sheet.height).toBeLessThanOrEqual(top + 1);
  await page.mouse.click(...(await middle(rail.getByRole('button', { name: 'Outline', exact: true }))));
  await page.mouse.click(...(await middle(drawer.card('Order comes in'))), { button: 'right' });
  await isInside(page.getByRole('menu'));
  await page.keyboard.press('Escape');
  // The data above the form, with more in it than its room holds, is scrolled there and lies on over nothing.
  await page.mouse.click(...(await middle(rail.getByRole('button', { name: 'Data', exact: true }))));
  const data = page.getByRole('region', { name: 'Data of the node' });
  await page.mouse.click(...(await middle(data.getByRole('button', { name: 'Edit output' }))));
  await expect(data.getByRole('textbox', { name: 'Output as JSON' })).toBeFocused();
  await page.keyboard.type('{');
  await page.keyboard.press('Tab');
  await expect(data.getByRole('alert')).toContainText('This is not JSON');
  expect(await drawer.form.evaluate(isFree)).toBe(true);
  await data.getByRole('button', { name: 'Cancel' }).click();
  await page.mouse.click(...(await middle(drawer.form.getByRole('button', { name: 'Clear the selection' }))));
  await expect(drawer.form).toHaveCount(0);
  await page.mouse.dblclick(...(await middle(drawer.card('Order comes in').locator('.node-title'))));
  await expect(page.getByRole('textbox', { name: 'Title', exact: true })).toBeFocused();
  await page.keyboard.type('Order');
  await page.keyboard.press('Enter');
  await expect(drawer.card('Order')).toBeVisible();
  // A menu has no line with nothing between it and the next, and the way to retry is read whole.
  const stock = await newWorkspace(page, 'phone-failed');
  const failing = await stock.workflow({
    heddle: 1,
    name: 'Fails',
    nodes: [
      { key: 'hand', type: 'start.manual', at: [0, 0] },
      { key: 'ask', type: 'connect.http-request', at: [240, 0], params: { url: 'http://127.0.0.1:9/stock' } },
    ],
    edges: [{ from: 'hand', to: 'ask' }],
  });
  const failed = await stock.run(failing);
  await page.goto(`/workflows/${failing}`);
  await page.mouse.click(...(await middle(page.getByRole('button', { name: 'More for this workflow' }))));
  const menu = page.getByRole('menu');
  await expect(menu.getByRole('menuitem', { name: 'Duplicate the workflow' })).toBeVisible();
  const roles = await menu
    .locator('[role=menuitem], [role=separator]')
    .evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.getAttribute('role')));
  expect(roles.join(' ')).not.toMatch(/separator separator|separator$/);
  await page.goto(`/runs/${failed}`);
  const again = page.getByRole('button', { name: 'Retry from HTTP request' });
  await isInside(again);
  expect(await again.locator('.cut').evaluate((name) => name.scrollWidth - name.clientWidth)).toBeLessThanOrEqual(0);
});

test('a large workflow opens where its titles can be read, and blocks that are far say their names', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'readable');
  const nodes = Array.from({ length: 11 }, (_, index) => ({
    key: `n${index}`,
    type: index === 0 ? 'start.manual' : 'data.limit',
    title: `Step number ${index + 1}`,
    at: [index * 240, 0] as [number, number],
    ...(index === 0 ? {} : { params: { count: 1 } }),
  }));
  const joined = nodes.slice(1).map(({ key }, index) => ({ from: `n${index}`, to: key }));
  await page.goto(`/workflows/${await stock.workflow({ heddle: 1, name: 'Long', nodes, edges: joined })}`);
  await expect(drawer.card('Step number 1')).toBeVisible();
  const nearness = () =>
    page.locator('.react-flow__viewport').evaluate((port) => new DOMMatrix(getComputedStyle(port).transform).a);
  await expect.poll(nearness).toBeCloseTo(0.7);
  /** The size of a title in pixels of the screen. Letters and zoom are read at one moment: the picture glides. */
  const seen = (title: string) =>
    drawer
      .card(title)
      .locator('.node-title')
      .evaluate((one) => {
        const port = one.closest('.react-flow__viewport');
        return Number.parseFloat(getComputedStyle(one).fontSize) * new DOMMatrix(getComputedStyle(port!).transform).a;
      });
  await expect.poll(() => seen('Step number 1')).toBeGreaterThanOrEqual(11);
  await page.keyboard.press('1');
  await expect.poll(nearness).toBeLessThan(0.5);
  await expect.poll(() => seen('Step number 11')).toBeGreaterThanOrEqual(11);
  for (let press = 0; press < 8 && (await nearness()) > 0.2; press++) await page.keyboard.press('-');
  await expect.poll(nearness).toBeLessThan(0.25);
  await page.mouse.move(...(await middle(drawer.card('Step number 6'))));
  const said = () =>
    drawer
      .card('Step number 6')
      .evaluate((one) => [getComputedStyle(one, '::after').visibility, getComputedStyle(one, '::after').content]);
  await expect.poll(said).toEqual(['visible', '"Step number 6"']);
});
