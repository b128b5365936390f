import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { workflow } from '../flow/document/workflow.ts';
import { atRest } from './people/closely.ts';
import { asking, coded, large, looping, newWorkspace, orders } from './people/stock.ts';
import { keepSteady } from './people/steady.ts';
import { expect, test } from './people/test.ts';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'docs/screens');
const widths = [1440, 1024, 390] as const;

const opened = async (page: Page) => {
  await expect(page.getByRole('main', { name: 'Canvas' })).toBeVisible();
  await expect(page.locator('.node').first()).toBeVisible();
};

test('takes the pictures', async ({ page, ines, drawer, target }) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'northwind');
  const { known } = await keepSteady(page);
  // Numbered as they are made: the pictures' numbers are the same each time.
  const run = async (id: string, input?: unknown) => {
    const made = await stock.run(id, input);
    known(made);
    return made;
  };
  const order = (net: number) => ({ body: { sku: 'A1', net } });

  target.answers(200, { reserved: true, warehouse: 'Lübeck', shelf: 'C-14' });
  const small = await stock.workflow(orders(`${target.url}/stock`));
  await stock.publish(small);
  for (const net of [10, 100, 250, 40]) await run(small, order(net));
  const finished = await run(small, order(400));
  target.answers(500, { error: 'out of order' });
  const failed = await run(small, order(200));
  await run(await stock.workflow(asking()));
  const code = await stock.workflow(coded());
  await run(code);
  const empty = await stock.workflow({ heddle: 1, name: 'A new workflow', nodes: [], edges: [] });
  const loop = await stock.workflow(looping('Each order in turn', false));
  const turns = await run(loop, [{ n: 1 }, { n: 2 }, { n: 3 }]);
  const changed = await stock.workflow(looping('Each order at night', true));
  await stock.publish(changed);
  await page.goto(`/workflows/${changed}`);
  await opened(page);
  await drawer.choose('Mark it');
  // What runs must differ: a title alone is no change.
  await page.keyboard.press('d');
  await page.keyboard.press('Control+S');
  await expect(page.getByRole('button', { name: /1 change$/ })).toBeVisible();
  const nightly = await stock.workflow(large(9));
  const example = readFileSync(path.join(root, 'workflows-examples/order-webhook.json'), 'utf8');
  await stock.workflow(workflow.parse(JSON.parse(example)));

  const pictures: Record<string, () => Promise<void>> = {
    home: async () => {
      await page.goto('/');
      await expect(page.getByRole('table').getByRole('row')).toHaveCount(9);
    },
    'editor-small': async () => {
      await page.goto(`/workflows/${small}`);
      await opened(page);
      await drawer.choose('Over 100?');
      await page.keyboard.press('1');
    },
    'editor-large': async () => {
      await page.goto(`/workflows/${nightly}`);
      await opened(page);
    },
    'run-finished': async () => {
      await page.goto(`/runs/${known(finished)}`);
      await expect(page.getByRole('banner').getByText('Finished')).toBeVisible();
      await expect(page.locator('.node').first()).toBeVisible();
    },
    'run-failed': async () => {
      await page.goto(`/runs/${known(failed)}`);
      await expect(page.getByRole('banner').getByText('Failed')).toBeVisible();
      await expect(page.locator('.node').first()).toBeVisible();
    },
    picker: async () => {
      await page.goto(`/workflows/${small}`);
      await opened(page);
      await drawer.choose('Work out the total');
      await page.keyboard.press('n');
      await expect(page.getByRole('dialog', { name: 'Add a node' })).toBeVisible();
      await page.keyboard.type('s');
    },
    code: async () => {
      await page.goto(`/workflows/${code}`);
      await opened(page);
      await drawer.choose('Figures');
      await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible();
    },
    'editor-empty': async () => {
      await page.goto(`/workflows/${empty}`);
      await expect(page.getByRole('heading', { name: 'What starts this workflow?' })).toBeVisible();
    },
    publish: async () => {
      await page.goto(`/workflows/${changed}`);
      await opened(page);
      await page.getByRole('button', { name: 'Publish' }).click();
      await expect(page.getByRole('dialog', { name: 'Publish your changes?' })).toBeVisible();
    },
    'run-iterations': async () => {
      await page.goto(`/runs/${known(turns)}`);
      await expect(page.getByRole('banner').getByText('Finished')).toBeVisible();
      const graph = page.getByRole('main', { name: 'Run' });
      await graph
        .locator('.node')
        .filter({ has: page.getByText('Mark it', { exact: true }) })
        .click();
      await expect(page.getByRole('complementary', { name: 'Step' }).getByRole('heading', { level: 2 })).toHaveText(
        'Mark it',
      );
    },
    gallery: async () => {
      await page.goto('/gallery/order-webhook');
      await expect(page.getByRole('complementary').last()).toBeVisible();
    },
  };
  const heights = { 1440: 900, 1024: 768, 390: 844 } as const;
  const onTelephones = new Set(['home', 'editor-small', 'run-finished']);
  for (const width of widths) {
    await page.setViewportSize({ width, height: heights[width] });
    for (const theme of ['light', 'dark'] as const) {
      await page.evaluate((chosen) => localStorage.setItem('heddle.theme', chosen), theme);
      for (const [name, show] of Object.entries(pictures)) {
        if (width === 390 && !onTelephones.has(name)) continue;
        await show();
        await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
        await atRest(page);
        await page.mouse.move(0, 0);
        await page.screenshot({
          path: path.join(folder, `${name}-${theme}-${width}.png`),
          animations: 'disabled',
          caret: 'hide',
        });
      }
    }
  }
});
