import { asking, looping, newWorkspace, orders } from './people/stock.ts';
import { expect, test } from './people/test.ts';

test('axe finds nothing on the screens around the canvas when there is something on them', async ({
  page,
  ines,
  target,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'closely-full');
  target.answers(200, { reserved: true });
  const order = { body: { sku: 'A1', net: 100 } };
  const small = await stock.workflow(orders(`${target.url}/stock`));
  await stock.publish(small);
  const finished = await stock.run(small, order);
  target.answers(500, { error: 'out of order' });
  const failed = await stock.run(small, order);
  const waiting = await stock.run(await stock.workflow(asking()));
  const looped = await stock.run(await stock.workflow(looping('Each in turn', false)), [{ n: 1 }, { n: 2 }, { n: 3 }]);

  await test.step('home, runs and reviews', async () => {
    await page.goto('/');
    await expect(page.getByRole('table').getByRole('row')).toHaveCount(4);
    await ines.lookClosely('home');
    await ines.goTo('Runs');
    await expect(page.getByRole('link', { name: 'Orders' }).first()).toBeVisible();
    await ines.lookClosely('runs');
    await ines.goTo('Approvals');
    await expect(page.getByText('Refund 120.00').first()).toBeVisible();
    await ines.lookClosely('reviews');
  });

  await test.step('runs that finished, failed and wait', async () => {
    for (const [id, word] of [
      [finished, 'Finished'],
      [failed, 'Failed'],
      [waiting, 'Wait'],
      [looped, 'Finished'],
    ] as const) {
      await page.goto(`/runs/${id}`);
      await expect(page.getByRole('banner').getByText(word)).toBeVisible();
      await expect(page.locator('.node').first()).toBeVisible();
      await ines.lookClosely(`run, ${word}`);
      // What failed, why, and what came of it stands in the list of steps.
      if (id === failed) {
        await expect(page.getByRole('option', { name: /Reserve stock.*answered 500/ })).toBeVisible();
        await expect(page.getByText('Not reached: Answer the shop')).toBeVisible();
      }
    }
  });

  await test.step('the palette of commands', async () => {
    await page.goto('/runs');
    await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible();
    await page.keyboard.press('Control+K');
    await expect(page.getByPlaceholder('Find a command')).toBeVisible();
    await ines.lookClosely('palette');
    await page.keyboard.type('nothing is called so');
    await expect(page.getByText('No command and no workflow has these words.')).toBeVisible();
    await ines.lookClosely('palette, nothing found');
    await page.keyboard.press('Escape');
    await expect(page.getByPlaceholder('Find a command')).toBeHidden();
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(keys.getByRole('listitem').filter({ hasText: 'Commands' })).toContainText('K');
    await ines.lookClosely('keyboard shortcuts');
    await page.keyboard.press('Escape');
    await expect(keys).toBeHidden();
  });
});

const screens = [
  '/',
  '/runs',
  '/reviews',
  '/settings/keys',
  '/settings/members',
  '/workflows/workflow_1',
  '/runs/run_1',
];

test('axe finds nothing on any screen that the server has nothing for', async ({ page, ines }) => {
  ines.expectsTrouble(/500|ERR_FAILED/);
  await ines.logIn();
  const wrong = {
    error: { code: 'internal', message: 'This is our fault, with the number 7.', mend: 'Tell us the number.' },
  };
  await page.route(/\/(api\/v1|trpc)\//, (route) => route.fulfill({ status: 500, json: wrong }));
  for (const screen of screens) {
    await page.goto(screen);
    await expect(page.getByRole('alert').first()).toBeVisible();
    await ines.lookClosely(`${screen}, the server is at fault`);
  }
  await page.unrouteAll();
  await page.route(/\/(api\/v1|trpc)\//, (route) => route.abort());
  for (const screen of ['/', '/workflows/workflow_1', '/runs/run_1']) {
    await page.goto(screen);
    await expect(page.getByRole('alert').first()).toContainText('not answer');
    await ines.lookClosely(`${screen}, the server is away`);
  }
});
