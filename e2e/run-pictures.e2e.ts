import type { Page, Request } from '@playwright/test';
import { workflow } from '../flow/document/workflow.ts';
import type { Workflow } from '../flow/document/workflow.ts';
import { boxOf } from './people/box.ts';
import { called, looping, newWorkspace } from './people/stock.ts';
import { expect, test } from './people/test.ts';

const drawn = (name: string, nodes: unknown[], edges: [string, string][]): Workflow =>
  workflow.parse({ heddle: 1, name, nodes, edges: edges.map(([from, to]) => ({ from, to })) });

const field = (name: string, value: string) => ({ fields: [{ name, type: 'string', value }] });

const deciding = drawn(
  'Deciding',
  [
    { key: 'begin', type: 'start.manual', at: [0, 0] },
    {
      key: 'large',
      type: 'rules.if',
      at: [240, 0],
      title: 'Large?',
      params: { where: { all: [{ left: '{{ $json.n }}', op: 'gt', right: 10 }] } },
    },
    { key: 'yes', type: 'data.set', at: [480, -80], title: 'Ask first', params: field('ask', 'yes') },
    { key: 'no', type: 'data.set', at: [480, 96], title: 'Just book', params: field('ask', 'no') },
  ],
  [
    ['begin', 'large'],
    ['large', 'yes'],
    ['large.false', 'no'],
  ],
);

const approving = drawn(
  'Approving',
  [
    { key: 'begin', type: 'start.manual', at: [0, 0] },
    {
      key: 'ask',
      type: 'control.review',
      at: [240, 0],
      params: {
        title: 'Pay invoice 17?',
        choices: [
          { id: 'approved', name: 'Pay it' },
          { id: 'declined', name: 'Leave it' },
        ],
      },
    },
    { key: 'book', type: 'data.set', at: [480, 0], title: 'Book it', params: field('booked', 'yes') },
  ],
  [
    ['begin', 'ask'],
    ['ask', 'book'],
  ],
);

/** Sixty steps, each a stage of its own, with a pause that is long to whoever asks again and again. */
const lengthy = drawn(
  'Sixty steps',
  [
    { key: 'begin', type: 'start.manual', at: [0, 0] },
    ...Array.from({ length: 59 }, (_, n) => ({
      key: `s${n}`,
      at: [240 * (1 + (n % 10)), 120 * Math.floor(n / 10)],
      ...(n === 30
        ? { type: 'control.wait', params: { for: '2s' } }
        : { type: 'data.set', params: field(`f${n}`, 'x'.repeat(200)), settings: { timeout: '20s' } }),
    })),
  ],
  Array.from({ length: 59 }, (_, n): [string, string] => [n === 0 ? 'begin' : `s${n - 1}`, `s${n}`]),
);

const card = (page: Page, title: string) => page.locator('.node').filter({ hasText: title });
const press = async (page: Page, title: string) => {
  const box = await boxOf(card(page, title));
  await page.mouse.click(box.x + box.width / 2, box.y + 20);
};
const panel = (page: Page) => page.getByRole('complementary', { name: 'Step' });

/** The same loop over four items that a node of code makes. */
const makingFour = (document: Workflow): Workflow => ({
  ...document,
  nodes: [
    ...document.nodes,
    {
      key: 'four',
      type: 'code.javascript',
      at: [0, 160],
      params: { code: 'return [1, 2, 3, 4].map((n) => ({ n }));' },
    },
  ],
  edges: [
    { from: 'begin', to: 'four' },
    { from: 'four', to: 'each.in' },
    ...document.edges.filter(({ from }) => from !== 'begin'),
  ],
});

test('loops, branches and approvals are read on the canvas and in the data of a run', async ({ page, ines }) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'pictured');
  const orders = [{ n: 1 }, { n: 2 }, { n: 3 }];

  for (const isPure of [true, false])
    await test.step(isPure ? 'a loop in one go' : 'a loop turn by turn', async () => {
      const run = await stock.run(await stock.workflow(looping('Looping', isPure)), orders);
      await page.goto(`/runs/${run}`);
      await expect(card(page, 'Mark it')).toContainText('3 items · 3 iterations');
      await expect(card(page, 'Each order')).toContainText('3 done · 3 each');
      const steps = page.getByRole('group', { name: 'Iterations of Each order' });
      await expect(steps).toContainText('3 iterations');
      await press(page, 'Mark it');
      await steps.getByRole('button', { name: 'Step through the iterations' }).click();
      await expect(steps).toContainText('of 3');
      await steps.getByRole('button', { name: 'Next iteration' }).click();
      await expect(card(page, 'Mark it')).toContainText('1 item');
      await expect(panel(page)).toContainText('iteration 2');
      await expect(panel(page).getByRole('tab', { name: 'Output 1' })).toHaveAttribute('aria-selected', 'true');
      await expect(panel(page).getByRole('cell', { name: 'yes 2' })).toBeVisible();
      await steps.getByLabel('Iteration', { exact: true }).fill('3');
      await page.keyboard.press('Enter');
      await expect(panel(page).getByRole('cell', { name: 'yes 3' })).toBeVisible();
      await expect(page).toHaveURL(/turn=%2Feach%3A2/);
      // The number keeps the focus, and so does an arrow at the end of its way.
      const number = steps.getByLabel('Iteration', { exact: true });
      await page.keyboard.press('ArrowDown');
      await expect(number).toHaveValue('2');
      await expect(number).toBeFocused();
      const next = steps.getByRole('button', { name: 'Next iteration' });
      await next.click();
      await expect(next).toBeDisabled();
      await expect(next).toBeFocused();
      await steps.getByRole('button', { name: 'Show all iterations' }).click();
      await expect(steps.getByRole('button', { name: 'Step through the iterations' })).toBeFocused();
      await expect(card(page, 'Mark it')).toContainText('3 items');
    });

  await test.step('a run is heard: the canvas asked for all of it four times a second', async () => {
    await page.goto(`/workflows/${await stock.workflow(lengthy)}`);
    const asked: string[] = [];
    const note = (request: Request) => {
      const { pathname } = new URL(request.url());
      if (/^\/api\/v1\/(runs\/run_|plans\/)/.test(pathname))
        asked.push(pathname.replace(/run_\w+/, 'R').replace(/plans\/.*/, 'plans'));
    };
    page.on('request', note);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.locator('.runbar')).toContainText('Waiting');
    await expect(page.locator('.runbar')).toContainText('Finished');
    await expect(page.locator('.react-flow__node[data-id="s58"] .node')).toContainText('1 item');
    page.off('request', note);
    const count = (what: string) => asked.filter((one) => one.endsWith(what)).length;
    console.log(`60 steps followed live: ${asked.join(' ')}`);
    expect(count('/facts')).toBeLessThanOrEqual(2);
    expect(count('/live')).toBe(1);
    expect(count('/plans')).toBeLessThanOrEqual(1);
    expect(asked.filter((one) => /\/R(\/steps|\/events|\/items)?$/.test(one))).toEqual([]);
  });

  await test.step('a node that is edited after the run wears its mark no longer', async () => {
    await page.goto(`/workflows/${await stock.workflow(deciding)}`);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.locator('.runbar')).toContainText('Finished');
    await expect(card(page, 'Just book')).toHaveClass(/is-ok/);
    await press(page, 'Just book');
    await page.getByRole('textbox', { name: 'Value' }).click();
    await page.keyboard.type(' no more');
    await expect(card(page, 'Just book')).toContainText('Edited since this run');
    await expect(card(page, 'Just book')).not.toHaveClass(/is-ok/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(card(page, 'Just book')).toHaveClass(/is-ok/);
  });

  await test.step('the data below the canvas says of which iteration it is, and leads to the others', async () => {
    await page.goto(`/workflows/${await stock.workflow(looping('Trying', true))}`);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.locator('.runbar')).toContainText('Finished');
    await press(page, 'Mark it');
    const data = page.locator('.data-room');
    await expect(data).toContainText('Iteration 1, the last one');
    await press(page, 'Each order');
    await expect(data.getByRole('tab', { name: /each 0|next 0/ })).toHaveCount(0);
    await press(page, 'Mark it');
    await data.getByRole('link', { name: 'See every iteration in the run' }).click();
    await expect(page.getByRole('group', { name: 'Iterations of Each order' })).toBeVisible();
    await page.goto(`/workflows/${await stock.workflow(makingFour(looping('Trying four', true)))}`);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.locator('.runbar')).toContainText('Finished');
    await press(page, 'Mark it');
    const iteration = data.getByLabel('Iteration', { exact: true });
    await expect(iteration).toHaveValue('4');
    await iteration.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('2');
    await page.keyboard.press('Enter');
    await expect(data.getByRole('cell', { name: 'yes 2' })).toBeVisible();
    const back = data.getByRole('button', { name: 'Previous iteration' });
    await back.click();
    await expect(data.getByRole('cell', { name: 'yes 1' })).toBeVisible();
    await expect(back).toBeDisabled();
    await expect(back).toBeFocused();
  });

  await test.step('a published run keeps counts, and says so', async () => {
    const id = await stock.workflow(called(looping('Counting', true), 'counting'));
    await stock.publish(id);
    const run = await stock.runByCall(id, 'counting', orders);
    await page.goto(`/runs/${run}`);
    await expect(card(page, 'Mark it')).toContainText('3 items · 3 iterations');
    await press(page, 'Mark it');
    await expect(panel(page)).toContainText('Data of single iterations is not kept for published runs');
    await expect(panel(page).getByRole('row')).toHaveCount(4);
    await expect(panel(page)).not.toContainText('Nothing came in');
  });

  await test.step('a published version started by hand keeps the data of each iteration', async () => {
    const id = await stock.workflow(looping('By hand', true));
    await stock.publish(id);
    const run = await stock.runLive(id, orders);
    await page.goto(`/runs/${run}?turn=%2Feach%3A1`);
    await press(page, 'Mark it');
    await expect(panel(page).getByRole('cell', { name: 'yes 2' })).toBeVisible();
  });

  await test.step('on a telephone a run opens with what it is about in sight, and not beyond the edge', async () => {
    const wide = page.viewportSize();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/runs/${await stock.run(await stock.workflow(looping('Narrow', false)), orders)}`);
    await expect
      .poll(async () => {
        const box = await page.locator('.react-flow__node.selected').boundingBox();
        return box !== null && box.x >= 8 && box.x + box.width <= 382;
      })
      .toBe(true);
    if (wide) await page.setViewportSize(wide);
  });

  await test.step('what went to false is counted there, by name', async () => {
    const run = await stock.run(await stock.workflow(deciding), [{ n: 3 }]);
    await page.goto(`/runs/${run}`);
    await expect(card(page, 'Large?')).toContainText('0 true · 1 false');
    await expect(page.locator('.react-flow__edgelabel-renderer .count')).toHaveText(['1', '1']);
    await expect(card(page, 'Ask first')).toContainText('No items came in');
    await press(page, 'Large?');
    await expect(panel(page).getByRole('tab', { name: 'Output: false 1' })).toHaveAttribute('aria-selected', 'true');
    await expect(panel(page).getByRole('tab', { name: 'Output: true 0' })).toBeVisible();
  });

  await test.step('an approval has the words of its form and says what follows', async () => {
    const run = await stock.run(await stock.workflow(approving), [{ n: 17 }, { n: 18 }, { n: 19 }]);
    await page.goto(`/runs/${run}`);
    await expect(panel(page).getByRole('button', { name: 'Pay it' })).toBeVisible();
    await expect(panel(page)).toContainText('Then: Book it.');
    await expect(panel(page)).toContainText('No node follows.');
    await page.goto('/reviews');
    await expect(page.getByText('Then: Book it.')).toBeVisible();
    const decided = page.getByRole('region', { name: 'What the answer decides' });
    await expect(decided).toContainText('One answer decides all 3 items');
    await expect(decided.getByRole('region', { name: 'Item 1' })).toContainText('17');
    await decided.getByRole('button', { name: 'Next item' }).click();
    await page.keyboard.press('Enter');
    await expect(decided.getByRole('region', { name: 'Item 3' })).toContainText('19');
    await expect(decided.getByRole('button', { name: 'Next item' })).toBeFocused();
    await page.getByRole('button', { name: 'Pay it' }).click();
    await page.getByRole('link', { name: 'See the run' }).click();
    await expect(card(page, 'Book it')).toContainText('3 items');
  });

  await test.step('an approval is answered in the editor too, where the run is shown: it could only be opened or stopped', async () => {
    const workflow = await stock.workflow(approving);
    const run = await stock.run(workflow, [{ n: 17 }]);
    await page.goto(`/workflows/${workflow}?run=${run}`);
    const bar = page.locator('.runbar');
    await bar.getByRole('button', { name: 'Answer' }).click();
    const dialog = page.getByRole('dialog', { name: 'This run waits for an answer' });
    await expect(dialog).toContainText('Then: Book it.');
    await dialog.getByRole('button', { name: 'Pay it' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(bar).toContainText('Finished');
    await expect(bar.getByRole('button', { name: 'Answer' })).toHaveCount(0);
    await expect(page.getByRole('main', { name: 'Canvas' })).toBeFocused();
  });
});
