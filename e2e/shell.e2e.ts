import type { Page } from '@playwright/test';
import { middle } from './people/box.ts';
import { newWorkspace } from './people/stock.ts';
import { expect, test } from './people/test.ts';

test('somebody looks round: logs in, makes, installs, finds, and gives a program a key', async ({ page, ines }) => {
  await page.goto('/runs?status=failed');
  await expect(page).toHaveURL(/\/login\?to=/);
  await ines.lookClosely('login');
  await ines.logIn();
  // Who is in already is not asked again.
  await page.goto('/login?to=%2Fgallery');
  await expect(page.getByRole('heading', { name: 'Gallery', level: 1 })).toBeVisible();
  // Other journeys leave things behind in the first workspace.
  await newWorkspace(page, 'looking-round');
  await page.goto('/');

  await test.step('an empty Home says what to do next', async () => {
    await expect(page.getByText('No workflows yet')).toBeVisible();
    await ines.lookClosely('home, empty');
  });

  await test.step('the gallery shows what a workflow does and installs it as a draft', async () => {
    await ines.goTo('Gallery');
    await page.getByPlaceholder('What should it do?').fill('feeds');
    await page.getByRole('button', { name: /Morning digest/ }).click();
    const sheet = page.getByRole('complementary', { name: /Morning digest/ });
    await expect(sheet.getByText('May call chat.example.com.')).toBeVisible();
    await ines.lookClosely('gallery, open');
    await sheet.getByRole('button', { name: 'Install' }).click();
    await expect(page).toHaveURL(/\/workflows\/workflow_/);
    await expect(page.locator('.node').first()).toBeVisible();
    // What the gallery said is to be filled in is found in the editor, and is gone once it is there.
    await expect(page.locator('.node').filter({ hasText: 'Needs setup' })).toHaveCount(1);
    await page.getByRole('button', { name: 'Issues, 1 to fill in' }).click();
    await page.getByRole('button', { name: /chat.example.com is only an example/ }).click();
    // Who presses an Issue is where it is fixed.
    const url = page.getByRole('textbox', { name: 'URL', exact: true });
    await expect(url).toBeFocused();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('https://chat.acme.io/hooks/morning');
    await expect(page.getByRole('button', { name: 'Issues', exact: true })).toBeVisible();
    await expect(page.locator('.node').filter({ hasText: 'Needs setup' })).toHaveCount(0);
  });

  await test.step('Home lists it; duplicating and deleting can be taken back', async () => {
    await page.goto('/');
    const rows = page.getByRole('table').getByRole('row');
    await expect(rows).toHaveCount(2);
    await page.getByRole('button', { name: /^More for/ }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await expect(rows).toHaveCount(3);
    await ines.lookClosely('home');
    await page.getByRole('button', { name: /^More for .*copy/ }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(rows).toHaveCount(2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(rows).toHaveCount(3);
    await page.reload();
    await expect(rows).toHaveCount(3);
  });

  await test.step('what was opened last stands at the left by its name of now, and not what is gone', async () => {
    const recent = page.getByRole('group', { name: 'Recent workflows' }).getByRole('link');
    await expect(recent).toHaveText([/^Morning digest/]);
    await page.getByRole('table').getByRole('link', { name: /copy/ }).click();
    const name = page.getByRole('textbox', { name: 'Name of the workflow' });
    // What a name has no room for was cut without a word.
    await name.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('x'.repeat(250));
    await expect(name).toHaveValue('x'.repeat(200));
    await expect(page.getByRole('alert')).toHaveText('Cut to 200 characters, the most that fit here.');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Evening digest');
    await expect(page.getByRole('alert')).toHaveCount(0);
    await name.press('Enter');
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
    await page.getByRole('link', { name: 'Home' }).click();
    await expect(recent).toHaveText(['Evening digest', /^Morning digest/]);
    await page.getByRole('button', { name: 'More for Evening digest' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(recent).toHaveText([/^Morning digest/]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(recent).toHaveCount(2);
    await recent.last().click();
    await expect(page).toHaveURL(/\/workflows\/workflow_/);
    await page.goto('/');
  });

  await test.step('the list of commands gives the focus back; on a narrow screen it and the workspaces are at hand', async () => {
    const commands = page.getByRole('button', { name: 'Commands' });
    await commands.click();
    await expect(page.getByPlaceholder('Find a command')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(commands).toBeFocused();
    // Workflows are found by name, and opened, from any screen: “orders” found nothing.
    await page.keyboard.press('Control+K');
    await page.keyboard.type('digest even');
    await page.getByRole('option', { name: 'Evening digest' }).waitFor();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('textbox', { name: 'Name of the workflow' })).toHaveValue('Evening digest');
    await page.goBack();
    const wide = page.viewportSize();
    await page.setViewportSize({ width: 390, height: 844 });
    await commands.click();
    await page.keyboard.press('Escape');
    await page.getByTitle('Workspace').click();
    await page.getByRole('menuitem', { name: 'Main' }).click();
    await page.getByTitle('Workspace').click();
    await page.getByRole('menuitem', { name: 'looking-round' }).click();
    if (wide) await page.setViewportSize(wide);
    await expect(page.getByTitle('Workspace')).toHaveText('looking-round');
  });

  await test.step('filters of runs stand in the address and outlive a reload', async () => {
    await ines.goTo('Runs');
    await ines.lookClosely('runs, empty');
    await page.getByRole('button', { name: 'Failed' }).click();
    await expect(page).toHaveURL(/status=failed/);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Failed' })).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByText('No run passes these filters')).toBeVisible();
    await page.goto('/runs?status=lost&since=ever');
    await expect(page.getByText('No run passes these filters')).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  await test.step('a key is made, shown once, listed, and ended', async () => {
    await ines.command('API keys');
    await page.getByLabel('What is it for').fill('Warehouse script');
    await page.getByRole('button', { name: 'Create key' }).click();
    const shown = page.getByRole('textbox', { name: 'The key is made.' });
    await expect(shown).toHaveValue(/^hk_/);
    await expect(shown).toBeFocused();
    const key = await shown.inputValue();
    const me = await page.request.get('/api/v1/me', { headers: { authorization: `Bearer ${key}` } });
    expect(me.status()).toBe(200);
    await ines.lookClosely('settings, keys');
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByLabel('What is it for')).toBeFocused();
    await page.getByRole('button', { name: 'End Warehouse script' }).click();
    await ines.lookClosely('settings, asked whether to end a key');
    await page.getByRole('button', { name: 'End the key' }).click();
    await expect(page.getByText('No keys')).toBeVisible();
    // The row that had the focus is gone: it stays on the screen, not at the top of the page.
    await expect(page.locator('.main-scroll')).toBeFocused();
  });

  await test.step('the other parts of the settings', async () => {
    for (const part of ['Members', 'Workspace', 'You']) {
      await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: part }).click();
      await ines.lookClosely(`settings, ${part}`);
    }
  });

  await test.step('light and dark are kept', async () => {
    await page.getByRole('radio', { name: 'Dark' }).click();
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  });
});

test('a server that is away says so, is asked again by a press, and comes back', async ({ page, ines }) => {
  await ines.logIn();
  ines.expectsTrouble(/ERR_FAILED.*api\/v1\/workflows/);
  await page.route('**/api/v1/workflows', (route) => route.abort());
  await page.goto('/');
  await expect(page.getByText('The list did not load.')).toBeVisible({ timeout: 15_000 });
  await ines.lookClosely('home, broken');
  // While it is away: once it is back the page asks by itself, and there may be nothing left to press.
  await Promise.all([
    page.waitForRequest('**/api/v1/workflows'),
    page.getByRole('button', { name: 'Try again' }).click(),
  ]);
  await page.unroute('**/api/v1/workflows');
  await expect(page.getByText('The list did not load.')).toBeHidden();

  await test.step('a browser without a network says so, on every screen, until it is back', async () => {
    ines.expectsTrouble(/ERR_INTERNET_DISCONNECTED|runs\/live/);
    await ines.goTo('Runs');
    await page.context().setOffline(true);
    await expect(page.getByText('You are offline.')).toBeVisible();
    await ines.lookClosely('runs, offline');
    await ines.goTo('Home');
    await page.getByTitle('You').click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await expect(page.getByText('You are still logged in')).toBeVisible();
    await page.context().setOffline(false);
    await expect(page.getByText('You are offline.')).toBeHidden();
  });

  await test.step('a server that is gone is told of until it is back, in the editor too', async () => {
    ines.expectsTrouble(/ERR_FAILED/);
    const doors = /\/(api|trpc|healthz|readyz)\b/;
    const gone = page.getByText('The server does not answer');
    await ines.goTo('Home');
    await expect(page.getByRole('button', { name: 'New workflow' }).first()).toBeVisible();
    await page.route(doors, (route) => route.abort());
    await ines.goTo('Runs');
    await expect(gone).toBeVisible();
    await ines.lookClosely('runs, the server gone');
    await page.unroute(doors);
    await expect(gone).toBeHidden();
    await page.goto('/');
    await page.getByRole('button', { name: 'New workflow' }).first().click();
    await expect(page.getByRole('banner').getByText('Saved', { exact: true })).toBeVisible();
    await page.route(doors, (route) => route.abort());
    await expect(page.getByRole('banner').getByText('The server does not answer')).toBeVisible();
    await ines.lookClosely('editor, the server gone');
    await page.unroute(doors);
    await expect(page.getByRole('banner').getByText('Saved', { exact: true })).toBeVisible();
  });
});

test('two tabs are in two workspaces: each asks and saves in its own, over reloads too, and lends it to new tabs', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  await page.getByRole('button', { name: 'New workflow' }).first().click();
  await page.getByRole('button', { name: 'Webhook', exact: true }).first().click();
  await expect(drawer.card('Webhook')).toBeVisible();
  const workspace = (tab: Page) => tab.getByTitle('Workspace');
  const other = await page.context().newPage();
  await test.step('another tab makes a workspace and goes there', async () => {
    await other.goto('/settings/workspace');
    await other.getByLabel('Name', { exact: true }).fill('Dye works');
    await other.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(workspace(other)).toHaveText('Dye works');
  });
  await test.step('this one goes on where it was', async () => {
    await page.keyboard.press('Escape');
    await page.mouse.dblclick(...(await middle(drawer.card('Webhook').locator('.node-title'))));
    await page.keyboard.type('Order comes in');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
    await page.reload();
    await expect(drawer.card('Order comes in')).toBeVisible();
    await page.goto('/');
    await expect(workspace(page)).toHaveText('Main');
  });
  await test.step('a link that opens in a new tab leads into the workspace of the one that was pressed', async () => {
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      other.getByRole('link', { name: 'Runs' }).click({ modifiers: ['ControlOrMeta'] }),
    ]);
    await expect(workspace(opened)).toHaveText('Dye works');
  });
  await test.step('who is no member any more of where a page was begins where they are one', async () => {
    ines.expectsTrouble(/403/);
    await page.evaluate(() => sessionStorage.setItem('heddle.workspace', 'torn-down'));
    await page.goto('/runs');
    await expect(workspace(page)).toHaveText('Main');
  });
});
