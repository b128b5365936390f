import type { Page } from '@playwright/test';
import { coded, large, newWorkspace, orders } from './people/stock.ts';
import { expect, test } from './people/test.ts';

const opened = (page: Page) => expect(page.getByRole('main', { name: 'Canvas' })).toBeVisible();

test('axe finds nothing on the canvas, its panels, menus and dialogs', async ({ page, ines, drawer }) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'closely-canvas');
  const small = await stock.workflow(orders('http://127.0.0.1:9/stock'));

  await test.step('the editor with its panels, menus and dialogs', async () => {
    await page.goto(`/workflows/${small}`);
    await opened(page);
    await drawer.choose('Over 100?');
    await ines.lookClosely('editor, a node is chosen');
    await page.getByRole('tab', { name: 'Settings' }).click();
    await ines.lookClosely('editor, settings of a node');
    await page.getByRole('button', { name: 'Outline' }).click();
    await ines.lookClosely('outline');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.locator('.runbar')).toContainText(/Finished|Failed/);
    await drawer.choose('Work out the total');
    await expect(page.getByRole('region', { name: 'Data of the node' })).toBeVisible();
    await ines.lookClosely('editor, a run over it and its data');
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await expect(page.getByRole('dialog', { name: 'Add a node' })).toBeVisible();
    await ines.lookClosely('picker');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Publish' }).click();
    await ines.lookClosely('publish');
  });

  await test.step('the code node', async () => {
    await page.goto(`/workflows/${await stock.workflow(coded())}`);
    await opened(page);
    await drawer.choose('Figures');
    await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible();
    await ines.lookClosely('code');
  });

  await test.step('a large workflow', async () => {
    await page.goto(`/workflows/${await stock.workflow(large(12))}`);
    await opened(page);
    await expect(page.locator('.node').first()).toBeVisible();
    await ines.lookClosely('editor, large');
  });
});
