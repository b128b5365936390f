import type { Page } from '@playwright/test';
import * as z from 'zod';
import { boxOf } from './people/box.ts';
import { asking, askingForFile, coded, failingAs, newWorkspace, orders } from './people/stock.ts';
import { expect, test } from './people/test.ts';

/** How often the page has read a list of runs so far. */
function readsOf(page: Page): () => number {
  let reads = 0;
  page.on('request', (request) => {
    if (/\/api\/v1\/runs\?/.test(request.url())) reads += 1;
  });
  return () => reads;
}

test('lists of runs are told what moves, and ask while nobody tells', async ({ page, ines }) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'told');
  const refunds = await stock.workflow(asking());
  await stock.run(refunds);
  const reads = readsOf(page);
  const rows = page.getByRole('row').filter({ hasText: 'Refunds' });
  const isTold = page.waitForResponse(/\/runs\/live$/);
  await page.goto('/runs');
  await isTold;
  await expect(rows).toHaveCount(1);
  await expect(page.getByText('The link keeps these filters')).toHaveCount(0);

  await test.step('a run that begins stands in the list, is counted, and is asked about at the left', async () => {
    await stock.run(refunds);
    await expect(rows).toHaveCount(2);
    await expect(page.getByRole('status').filter({ hasText: /^2$/ })).toBeVisible();
    await expect(page.getByRole('link', { name: /Approvals 2/ })).toBeVisible();
    // Each of the two lists when it was opened and when the stream was; polled, this would be many by the time the counts are right.
    expect(reads()).toBeLessThanOrEqual(6);
  });

  await test.step('what is cancelled says so where it stands', async () => {
    const all = page.getByRole('checkbox', { name: 'Choose all 2 runs listed' });
    await all.check();
    await expect(page.getByRole('button', { name: 'Cancel 2' })).toBeVisible();
    await page
      .getByRole('checkbox', { name: /^Choose run/ })
      .last()
      .uncheck();
    await expect(all).not.toBeChecked();
    const cancel = page.getByRole('button', { name: 'Cancel 1' });
    await cancel.click();
    await expect(page.getByRole('dialog')).toBeVisible();
    // A dialog that is left gives the focus back to what opened it, not to the page's top.
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(cancel).toBeFocused();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Cancel them' }).click();
    await expect(rows.filter({ hasText: 'Cancelled' })).toHaveCount(1);
    // The bar with its button is gone.
    await expect(page.locator('.main-scroll')).toBeFocused();
    await expect(page.getByRole('link', { name: /Approvals 1/ })).toBeVisible();
  });

  await test.step('without the stream the list asks', async () => {
    ines.expectsTrouble(/runs\/live|ERR_FAILED/);
    await page.route('**/runs/live', (route) => route.abort());
    await page.reload();
    await expect(rows).toHaveCount(2);
    await stock.run(refunds);
    await expect(rows).toHaveCount(3);
  });

  await test.step('where the server has no room for the stream the list asks and says nothing, and hears again once there is', async () => {
    await page.unroute('**/runs/live');
    await page.route('**/runs/live', (route) =>
      route.fulfill({ status: 429, headers: { 'retry-after': '3' }, json: { error: { code: 'too-many' } } }),
    );
    await page.reload();
    await expect(rows).toHaveCount(3);
    await stock.run(refunds);
    await expect(rows).toHaveCount(4);
    await expect(page.getByRole('alert')).toHaveCount(0);
    const heard = page.waitForResponse((one) => one.url().endsWith('/runs/live') && one.status() === 200);
    await page.unroute('**/runs/live');
    await heard;
  });

  await test.step('a long list keeps its columns on a telephone: the names of runs were left one letter', async () => {
    const figures = await stock.workflow(coded());
    for (let at = 0; at < 48; at += 8) await Promise.all(Array.from({ length: 8 }, () => stock.run(figures)));
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(page.getByRole('status').filter({ hasText: /^52$/ })).toBeVisible();
    const cells = page.getByRole('row').nth(1).getByRole('cell');
    const name = await cells.filter({ hasText: 'Daily figures' }).boundingBox();
    expect(name?.width).toBeGreaterThan(90);
    const last = await cells.last().boundingBox();
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeGreaterThan(380);
    // On a small screen the results took the room, and what a run is of was cut off with its name.
    await page.setViewportSize({ width: 1024, height: 768 });
    const draft = cells.locator('.of-draft');
    await expect(draft).toBeVisible();
    const [chip, cell] = [await boxOf(draft), await boxOf(cells.filter({ hasText: 'Daily figures' }))];
    expect(chip.x + chip.width).toBeLessThanOrEqual(cell.x + cell.width);
    // Who started a run was gone here, and on a wide screen names had room to spare while each result was cut before what mattered.
    const head = (name: string) => page.getByRole('columnheader', { name });
    for (const width of [1024, 1440]) {
      await page.setViewportSize({ width, height: 768 });
      await expect(head('Started by')).toBeInViewport({ ratio: 1 });
      const [result, workflow] = [await boxOf(head('Result')), await boxOf(head('Workflow'))];
      expect(result.x + result.width).toBeLessThanOrEqual(width);
      expect(result.width).toBeGreaterThan(workflow.width);
    }
  });
});

test('a private address may be called when an owner says so', async ({ page, ines }) => {
  await ines.logIn();
  await newWorkspace(page, 'private');
  await page.goto('/settings/workspace');
  const list = page.getByRole('group', { name: 'Private addresses' });
  const field = page.getByLabel('Host and port');
  await expect(list).toContainText('None');
  await field.fill('10.0.0.5');
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByRole('alert')).toContainText('with its port');
  await ines.lookClosely('settings, a host without its port');
  await field.fill('http://10.0.0.5:8080/orders');
  await page.keyboard.press('Enter');
  await expect(list).toContainText('10.0.0.5:8080');
  await ines.lookClosely('settings, a private address');
  await page.getByRole('button', { name: 'Remove 10.0.0.5:8080' }).click();
  await expect(list).toContainText('None');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.reload();
  await expect(list).toContainText('10.0.0.5:8080');
});

test('the doors say why they stay shut', async ({ page, ines }) => {
  ines.expectsTrouble(/40[0149]|409|429|ERR_FAILED|invites\/look/);
  const alert = page.getByRole('alert');

  await test.step('a password that is too short, and an owner who was quicker', async () => {
    const open = { needed: true, known: false, providers: [] };
    await page.route('**/api/setup', (route) =>
      route.request().method() === 'GET' ? route.fulfill({ json: open }) : route.fallback(),
    );
    await page.goto('/setup');
    await page.getByLabel('Your name').fill('Ines');
    await page.getByLabel('E-mail').fill('nobody');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Set up' }).click();
    await expect(alert).toHaveText([/such as ines@example.com/, /this has 5/]);
    await ines.lookClosely('setup, what is wrong');
    await page.getByLabel('E-mail').fill('late@example.com');
    await page.getByLabel('Password').fill('long enough by far');
    await page.getByRole('button', { name: 'Set up' }).click();
    await expect(alert).toContainText('has an owner already');
    await ines.lookClosely('setup, taken');
    await page.unroute('**/api/setup');
    await page.getByRole('link', { name: 'Log in' }).click();
    await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  });

  await test.step('a wrong password, and too many of them', async () => {
    await page.goto('/login');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(alert).toHaveText([/Enter an e-mail address/, 'Enter your password.']);
    await expect(page.getByLabel('E-mail')).toBeFocused();
    await page.getByLabel('E-mail').fill('somebody@example.com');
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Password')).toBeFocused();
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(alert).toContainText('do not belong together');
    await expect(page.getByLabel('E-mail')).toHaveValue('somebody@example.com');
    await ines.lookClosely('login, wrong password');
    const many = { code: 'too-many', message: 'These are too many requests at once.', mend: 'Try again in 40 s.' };
    await page.route('**/api/login', (route) => route.fulfill({ status: 429, json: { error: many } }));
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(alert).toContainText('Try again in 40 s.');
    await ines.lookClosely('login, too often');
    await page.unroute('**/api/login');
  });

  await test.step('an invitation that was cut, made up, and taken back', async () => {
    await page.goto('/invite#invite_1');
    await expect(alert).toContainText('not whole');
    await page.goto('/login');
    await page.goto(`/invite#invite_${'a'.repeat(43)}`);
    await expect(alert).toContainText('does not hold');
    await ines.lookClosely('invitation, gone');
    await page.getByRole('link', { name: 'Log in' }).click();
    await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  });

  await test.step('an invitation has a way on for whoever opens it, and another link in the same tab is another one', async () => {
    await ines.logIn();
    const { hash, id } = await invited(page, 'olga@example.com');
    await page.goto('/settings/members');
    const taken = page.getByRole('button', { name: 'Take back olga@example.com' });
    await expect(taken).toBeVisible();
    await page.request.delete(`/api/v1/invites/${id}`, { headers: { origin: new URL(page.url()).origin } });
    await taken.click();
    await expect(page.getByText('This invitation was used or had expired')).toBeVisible();
    await expect(taken).toHaveCount(0);
    await page.goto(`/invite${hash}`);
    await expect(alert).toContainText('does not hold');
    const [first, second] = [await invited(page, 'nora@example.com'), await invited(page, 'nora@example.com')];
    await page.goto('/invite#invite_1');
    await expect(alert).toContainText('not whole');
    await expect(page.getByRole('link', { name: 'Back to Heddle' })).toBeVisible();
    await page.goto(`/invite${first.hash}`);
    await expect(page.getByText('for another person')).toBeVisible();
    await ines.lookClosely('invitation, of another person');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Your name').fill('Nora');
    await page.getByLabel('Password').fill('a long enough password');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible();

    await page.context().clearCookies();
    await page.goto(`/invite${second.hash}`);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByLabel('E-mail').fill('nora@example.com');
    await page.getByLabel('Password').fill('a long enough password');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Join' })).toBeVisible();
    const gone = { code: 'invite-gone', message: 'This invitation does not hold.' };
    await page.route('**/api/invites/look', (route) => route.abort());
    await page.reload();
    await expect(alert).toContainText('not answering');
    await page.unroute('**/api/invites/look');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.route('**/api/invites/accept', (route) => route.fulfill({ status: 404, json: { error: gone } }));
    await page.getByRole('button', { name: 'Join' }).click();
    await expect(page.getByRole('heading', { name: 'Invitation' })).toBeVisible();
    await page.unroute('**/api/invites/accept');
    await page.reload();
    await page.getByRole('button', { name: 'Join' }).click();
    await expect(page.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible();
  });
});

/** Invites somebody, and gives what stands behind the # of their link. */
async function invited(page: Page, email: string): Promise<{ id: string; hash: string }> {
  const origin = new URL(page.url()).origin;
  const answer = await page.request.post('/api/v1/invites', { headers: { origin }, data: { email, role: 'viewer' } });
  const { id, url } = z.object({ id: z.string(), url: z.string() }).parse(await answer.json());
  return { id, hash: new URL(url).hash };
}

test('a gallery that does not load says so and comes back; a run in doubt is decided', async ({
  page,
  ines,
  target,
}) => {
  ines.expectsTrouble(/500|404/);
  await ines.logIn();
  const stock = await newWorkspace(page, 'doubtful');

  await test.step('a workflow that is not there does not offer to ask again, but the way to those that are', async () => {
    await page.goto('/workflows/workflow_0000000000000000');
    await expect(page.getByRole('alert')).toContainText('This workflow is not here.');
    await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
    await page.getByRole('link', { name: 'All workflows' }).click();
    await expect(page.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible();
  });

  await test.step('the gallery', async () => {
    await page.route('**/examples/**', (route) => route.fulfill({ status: 500, body: 'broken' }));
    await page.goto('/gallery');
    await expect(page.getByRole('alert')).toContainText('The gallery did not load.');
    await ines.lookClosely('gallery, at fault');
    await Promise.all([page.waitForRequest('**/examples/**'), page.getByRole('button', { name: 'Try again' }).click()]);
    await page.unroute('**/examples/**');
    await page.getByRole('button', { name: /Morning digest/ }).click();
    await expect(page.getByRole('complementary', { name: /Morning digest/ })).toBeVisible();
  });

  await test.step('the run', async () => {
    target.hangsUp();
    const id = await stock.run(await stock.workflow(orders(`${target.url}/stock`)), { body: { sku: 'A1', net: 100 } });
    await page.goto('/');
    await expect(page.getByRole('link', { name: /^Decide/ })).toBeVisible();
    await ines.lookClosely('home, in doubt');
    await page.getByRole('link', { name: /^Decide/ }).click();
    await expect(page).toHaveURL(new RegExp(id));
    await expect(page.getByRole('banner').getByText('In doubt')).toBeVisible();
    await expect(page.locator('.node').first()).toBeVisible();
    const sent = page.getByRole('region', { name: 'What may have been sent' });
    await expect(sent).toContainText(`POST ${target.url}/stock`);
    await expect(sent.getByRole('region', { name: 'Item 1' })).toContainText('"sku": "A1"');
    await ines.lookClosely('run, in doubt');
    await page.goto('/reviews');
    await expect(sent.getByRole('region', { name: 'Item 1' })).toContainText('"sku": "A1"');
    await expect(page.getByRole('button', { name: 'Mark as sent', exact: true })).toBeVisible();
    await ines.lookClosely('reviews, in doubt');
    await page.getByRole('button', { name: 'Mark as sent, with a reply' }).click();
    await page.getByLabel('Response of the service, as JSON').fill('{"reserved":');
    await expect(page.getByText('This is not JSON.')).toBeVisible();
    await ines.lookClosely('reviews, a reply that is not JSON');
    await page.getByRole('button', { name: 'Mark as sent', exact: true }).click();
    await expect(page.getByText('Answered').first()).toBeVisible();
    await page.goto(`/runs/${id}`);
    await expect(page.getByRole('banner').getByText('Finished')).toBeVisible();
  });
});

test('an approval that asks for a file gets one, and says what is missing where it is missing', async ({
  page,
  ines,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'slips');
  const id = await stock.run(await stock.workflow(askingForFile()));
  await page.goto('/reviews');
  await page.getByLabel('Note (optional)').fill('two coats');
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByRole('alert')).toHaveText(['Enter a value.', 'Choose a file.']);
  await expect(page.getByLabel('How many')).toBeFocused();
  await ines.lookClosely('reviews, what is missing');
  await page.keyboard.type('2');
  await page
    .getByLabel('Slip', { exact: true })
    .setInputFiles({ name: 'slip.txt', mimeType: 'text/plain', buffer: Buffer.from('two coats') });
  await page.getByRole('button', { name: 'Remove slip.txt' }).click();
  await page
    .getByLabel('Slip', { exact: true })
    .setInputFiles({ name: 'slip 2.txt', mimeType: 'text/plain', buffer: Buffer.from('två rockar') });
  await expect(page.getByText('11 bytes')).toBeVisible();
  await ines.lookClosely('reviews, with a file');
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('Answered').first()).toBeVisible();
  await page.goto(`/runs/${id}`);
  await expect(page.getByRole('banner').getByText('Finished')).toBeVisible();
  await expect(page.getByText('två rockar').first()).toBeVisible();

  await test.step('on a telephone the room that is seen is the main part of the screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const room of ['Data', 'Steps', 'Runs', 'Graph']) {
      await page.getByRole('radio', { name: room }).click();
      // The menus of the bar were drawn in a room that is not shown.
      await page.getByRole('button', { name: 'Other ways to retry' }).click();
      await expect(page.getByRole('menuitem').first()).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('main')).toHaveCount(1);
      await ines.lookClosely(`run, ${room} on a telephone`);
    }
  });

  await test.step('a long name is cut, and what stands beside it stays in reach: “Other ways to retry” left the screen', async () => {
    const name = 'Ask the warehouse whether the order can be picked today '.repeat(3).trim();
    const failed = await stock.run(await stock.workflow(failingAs(name)));
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(`/runs/${failed}`);
      const more = page.getByRole('button', { name: 'Other ways to retry' });
      await expect(more).toBeInViewport({ ratio: 1 });
      await more.click();
      await expect(page.getByRole('menuitem', { name: /^From Ask the warehouse/ })).toBeInViewport({ ratio: 1 });
      await page.keyboard.press('Escape');
    }
  });
});
