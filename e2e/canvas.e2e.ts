import type { Locator, Page } from '@playwright/test';
import { boxOf } from './people/box.ts';
import { newWorkspace, orders } from './people/stock.ts';
import { expect, test } from './people/test.ts';

/** Where a card of the graph is, once the camera rests. */
const whole = (page: Page, card: Locator) =>
  expect(async () => {
    const [room, seen] = [await boxOf(page.getByRole('main', { name: 'Canvas' })), await boxOf(card)];
    expect(seen.x).toBeGreaterThanOrEqual(room.x);
    expect(seen.x + seen.width).toBeLessThanOrEqual(room.x + room.width);
  }).toPass();

test('a node is dropped into an edge, the camera makes room, and expressions are completed from data', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'canvas');
  const id = await stock.workflow(orders('http://127.0.0.1:9/stock'));
  await page.goto(`/workflows/${id}`);
  await expect(drawer.card('Answer the shop')).toBeVisible();
  const canvas = page.getByRole('main', { name: 'Canvas' });

  await test.step('a node of the palette that is dropped on an edge goes into it', async () => {
    const [room, first, second] = [
      await boxOf(canvas),
      await boxOf(drawer.card('Order comes in')),
      await boxOf(drawer.card('Work out the total')),
    ];
    const port = await boxOf(drawer.card('Order comes in').locator('.eye.out'));
    const x = (first.x + first.width + second.x) / 2 - room.x;
    await drawer.drop('Set fields', [x, port.y + port.height / 2 - room.y]);
    await expect(page.getByRole('group', { name: 'From Order comes in to Set fields' })).toBeAttached();
    await expect(page.getByRole('group', { name: 'From Set fields to Work out the total' })).toBeAttached();
    await expect(page.getByRole('group', { name: 'From Order comes in to Work out the total' })).toHaveCount(0);
  });

  await test.step('a card that the form would cover is seen whole in a small window', async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    const card = drawer.card('Answer the shop');
    await whole(page, card);
    await drawer.choose('Answer the shop');
    await whole(page, card);
  });

  await test.step('what the last run gave is offered while an expression is written', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.locator('.runbar')).toContainText(/Finished|Failed/);
    await page.keyboard.press('1');
    await whole(page, drawer.card('Work out the total'));
    await drawer.choose('Work out the total');
    const field = drawer.form.getByRole('textbox', { name: 'Value', exact: true }).first();
    await field.fill('{{ $json.');
    const offers = page.getByRole('listbox', { name: 'What the data offers' });
    await expect(offers).toBeVisible();
    await field.press('ArrowDown');
    await ines.lookClosely('editor, an expression is completed');
    await field.press('Enter');
    await expect(offers).toBeHidden();
    await field.fill('{{ }}');
    await drawer.form.getByRole('button', { name: 'Insert data' }).first().click();
    await expect(page.getByRole('menuitem').first()).toBeVisible();
    await ines.lookClosely('editor, data is inserted');
    await page.getByRole('menuitem', { name: 'body', exact: false }).first().click();
    await expect(field).toHaveValue(/\{\{ \$json\.body/);
    expect(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight)).toBe(true);
  });
});
