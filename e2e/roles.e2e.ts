import type { Browser, Page } from '@playwright/test';
import { middle } from './people/box.ts';
import { drawerAt } from './people/drawer.ts';
import { personAt } from './people/person.ts';
import type { Person } from './people/person.ts';
import { asking, coded, newWorkspace, orders } from './people/stock.ts';
import { expect, test } from './people/test.ts';

/** The owner invites somebody, who joins in a browser of their own. */
async function join(owner: Page, browser: Browser, name: string, role: string): Promise<Person> {
  await owner.goto('/settings/members');
  await owner.getByLabel('Invite by e-mail').fill(`${name.toLowerCase()}@example.com`);
  await choose(owner, 'Role of the invited', role);
  await owner.getByRole('button', { name: 'Invite', exact: true }).click();
  const link = await owner.getByRole('textbox', { name: 'The invitation is made.' }).inputValue();
  const person = personAt(await (await browser.newContext()).newPage());
  await person.page.goto(link);
  await person.page.getByLabel('Your name').fill(name);
  await person.page.getByLabel('Password').fill('a long enough password');
  await person.page.getByRole('button', { name: 'Join' }).click();
  await expect(person.page.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible();
  return person;
}

async function choose(page: Page, select: string, role: string): Promise<void> {
  await page.getByRole('combobox', { name: select }).click();
  await page.getByRole('option', { name: new RegExp(`^${role}`) }).click();
}

/** The owner gives somebody another role, who comes back to their page. */
async function changeRole(owner: Page, { page }: Person, name: string, role: string): Promise<void> {
  await owner.goto('/settings/members');
  const said = owner.waitForResponse(/changeRole/);
  await choose(owner, `Role of ${name}`, role);
  await said;
  // A browser without a screen tells no page that it is looked at again.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
}

/** What is asked of the server that is more than reading. */
function writesOf(page: Page): readonly string[] {
  const writes: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') writes.push(`${request.method()} ${request.url()}`);
  });
  return writes;
}

const offeredIn = (page: Page) => page.getByRole('menuitem').allInnerTexts();

test('a viewer and an operator meet no control that can only fail, and a new role is taken as it comes', async ({
  page,
  ines,
  browser,
  target,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'roles');
  const figures = await stock.workflow(coded());
  await stock.publish(figures);
  const ran = await stock.runLive(figures);
  const order = await stock.workflow(orders(target.url));
  await stock.run(await stock.workflow(asking()));
  const mia = await join(page, browser, 'Mia', 'Viewer');
  const asked = writesOf(mia.page);

  await test.step('a viewer: lists offer what looks, and say what to expect', async () => {
    const { page: seen } = mia;
    await expect(seen.getByRole('button', { name: 'More for Daily figures' })).toBeVisible();
    await expect(seen.getByRole('button', { name: /New workflow|Import|Other ways/ })).toHaveCount(0);
    await seen.getByRole('button', { name: 'More for Daily figures' }).click();
    expect(await offeredIn(seen)).toEqual(['Open', 'Download as JSON', 'Its runs']);
    await seen.keyboard.press('Escape');
    await seen.keyboard.press('n');
    await seen.keyboard.press('?');
    const shortcuts = seen.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(shortcuts).toBeVisible();
    await expect(shortcuts.getByText('New workflow')).toHaveCount(0);
    await seen.keyboard.press('Escape');
    await seen.keyboard.press('Control+K');
    await seen.getByPlaceholder('Find a command').fill('workflow');
    await expect(seen.getByRole('option', { name: /New workflow|Import/ })).toHaveCount(0);
    await seen.keyboard.press('Escape');
    await mia.goTo('Runs');
    await expect(seen.getByRole('link', { name: 'Daily figures' })).toBeVisible();
    await expect(seen.getByRole('checkbox')).toHaveCount(0);
    await mia.goTo('Gallery');
    await seen.getByRole('button', { name: /nodes/ }).first().click();
    await expect(seen.getByText('An editor of this workspace can install it.')).toBeVisible();
    await expect(seen.getByRole('button', { name: 'Install' })).toHaveCount(0);
    await mia.goTo('Connections');
    await expect(seen.getByText('Editors keep keys and passwords here.')).toBeVisible();
    await expect(seen.getByRole('button', { name: 'Connect' })).toHaveCount(0);
    await mia.goTo('Approvals');
    await expect(seen.getByText('An operator of this workspace answers this.')).toBeVisible();
    await expect(seen.getByRole('button', { name: 'Approve' })).toHaveCount(0);
    await mia.goTo('Settings');
    await expect(seen.getByRole('link', { name: 'Members' })).toBeVisible();
    await expect(seen.getByRole('link', { name: 'API keys' })).toHaveCount(0);
    await seen.goto(`/runs/${ran}`);
    await expect(seen.getByRole('link', { name: 'Open the workflow' })).toBeVisible();
    await expect(seen.getByRole('button', { name: /Retry|retry/ })).toHaveCount(0);
  });

  await test.step('a viewer: the canvas is looked at, with every gesture, and nothing of it changes', async () => {
    const { page: seen } = mia;
    const drawer = drawerAt(seen);
    await seen.goto(`/workflows/${order}`);
    const chip = seen.getByRole('button', { name: 'View only' });
    // Who the owner is comes a moment after the rest.
    const why = /^You are a viewer here\. To change it, ask the owner: ines\.$/i;
    await expect(chip).toHaveAttribute('aria-description', why);
    await chip.click();
    await expect(seen.getByText(why).first()).toBeVisible();
    await expect(seen.getByRole('button', { name: /Publish|^Run|Undo|Redo|Tidy up|Nodes/ })).toHaveCount(0);
    const [x, y] = await middle(drawer.card('Over 100?'));
    await drawer.drag([x, y], [x + 80, y + 120]);
    const card = drawer.card('Over 100?').locator('.node-selvage');
    await card.click();
    await expect(drawer.form.getByRole('heading', { level: 2 })).toHaveText('Over 100?');
    await expect(drawer.form.getByRole('textbox', { name: 'Right side of Condition 1' })).toBeDisabled();
    await expect(drawer.form.getByRole('button', { name: /Condition|Group|Remove|Add/ })).toHaveCount(0);
    const op = await middle(drawer.form.getByRole('combobox', { name: 'Comparison of Condition 1' }));
    await seen.mouse.click(...op);
    await expect(seen.getByRole('listbox')).toHaveCount(0);
    await card.dblclick();
    await drawer.card('Over 100?').locator('.node-title').dblclick();
    await expect(seen.getByRole('textbox', { name: 'Title' })).toHaveCount(0);
    await card.click();
    for (const key of [
      'Delete',
      'd',
      'F2',
      'n',
      'c',
      'Shift+L',
      'Control+D',
      'Control+X',
      'Alt+ArrowRight',
      'p',
      'a',
      '/',
    ])
      await seen.keyboard.press(key);
    await seen.keyboard.press('Control+C');
    await seen.keyboard.press('Control+V');
    await seen.keyboard.press('Control+Z');
    await seen.keyboard.press('Control+Enter');
    await expect(seen.getByRole('complementary', { name: 'Nodes' })).toHaveCount(0);
    const edge = await drawer.along(drawer.edge('Over 100?', 'Reserve stock'));
    await seen.mouse.click(...edge);
    await expect(seen.getByRole('button', { name: 'Insert a node here' })).toHaveCount(0);
    await seen.mouse.click(...edge, { button: 'right' });
    await expect(seen.getByRole('menu')).toHaveCount(0);
    await card.click({ button: 'right' });
    expect(await offeredIn(seen)).toEqual([
      expect.stringMatching(/^Copy as JSON/),
      expect.stringMatching(/^Select all/),
    ]);
    await seen.keyboard.press('Escape');
    await seen.getByText('Who looks at what').dblclick();
    await expect(seen.getByRole('textbox', { name: 'Text of the note' })).toHaveCount(0);
    await drawer.choose('Work out the total');
    await drawer.form.getByRole('button', { name: /sku/ }).click();
    await drawer.form.getByRole('tab', { name: 'Settings' }).click();
    await expect(drawer.form.getByRole('textbox', { name: 'Title' })).toBeDisabled();
    await seen.mouse.click(...(await middle(drawer.form.getByRole('switch', { name: /Disable/ }))));
    await expect(drawer.form.getByRole('switch', { name: /Disable/ })).not.toBeChecked();
    await mia.lookClosely('a workflow that is only viewed');
    await seen.goto(`/workflows/${figures}`);
    await drawer.choose('Figures');
    await drawer.form.locator('.view-lines').click();
    await seen.keyboard.type('broken');
    await expect(drawer.form.locator('.view-lines')).not.toContainText('broken');
    expect(await drawer.titles()).toEqual(['Start by hand', 'Figures']);
    expect(asked, 'a viewer writes nothing').toEqual([]);
    expect(mia.troubles()).toEqual([]);
  });

  await test.step('a viewer whom the owner makes an editor draws on the page that is open', async () => {
    const { page: seen } = mia;
    await changeRole(page, mia, 'Mia', 'Editor');
    await expect(seen.getByRole('button', { name: 'Publish' })).toBeVisible();
    await expect(seen.getByRole('button', { name: 'View only' })).toHaveCount(0);
    await seen.getByRole('textbox', { name: 'Name of the workflow' }).fill('Weekly figures');
    await expect(seen.getByText('Saved', { exact: true })).toBeVisible();
  });

  await test.step('whoever may not any more is told which role it needs, loses nothing, and has it back with the role', async () => {
    const { page: seen } = mia;
    mia.expectsTrouble(/403/);
    await page.goto('/settings/members');
    const said = page.waitForResponse(/changeRole/);
    await choose(page, 'Role of Mia', 'Viewer');
    await said;
    const refused = seen.waitForResponse((answer) => answer.status() === 403);
    await seen.getByRole('textbox', { name: 'Name of the workflow' }).fill('Yearly figures');
    expect((await (await refused).json()).error.message).toBe('This needs the role editor in the workspace.');
    await expect(seen.getByText('What was not saved stays in this browser.', { exact: false }).first()).toBeVisible();
    await expect(seen.getByRole('heading', { name: 'Weekly figures', level: 1 })).toBeVisible();
    await changeRole(page, mia, 'Mia', 'Editor');
    await expect(seen.getByRole('textbox', { name: 'Name of the workflow' })).toHaveValue('Yearly figures');
    await expect(seen.getByText('Saved', { exact: true })).toBeVisible();
  });

  await test.step('an operator runs what is live, retries, answers, and draws nothing', async () => {
    const otto = await join(page, browser, 'Otto', 'Operator');
    const { page: seen } = otto;
    await expect(seen.getByRole('button', { name: /New workflow|Import/ })).toHaveCount(0);
    await seen.goto(`/workflows/${order}`);
    await expect(seen.getByRole('button', { name: 'View only' })).toBeVisible();
    await expect(seen.getByRole('button', { name: /Publish|^Run/ })).toHaveCount(0);
    await seen.goto(`/workflows/${figures}`);
    await seen.getByRole('button', { name: 'Run version 1' }).click();
    await expect(seen.locator('.runbar').getByText('Finished')).toBeVisible();
    await seen.locator('.runbar').getByRole('button', { name: 'Open' }).click();
    await expect(seen.getByText('version 1', { exact: false }).first()).toBeVisible();
    const before = seen.url();
    await seen.getByRole('button', { name: 'Retry', exact: true }).click();
    await expect(seen).not.toHaveURL(before);
    await seen.goto('/runs');
    await expect(seen.getByRole('checkbox').first()).toBeVisible();
    await otto.goTo('Approvals');
    await seen.getByRole('button', { name: 'Approve' }).click();
    const way = await seen.getByRole('link', { name: 'See the run' }).getAttribute('href');
    const told = async () => (await seen.request.get(`/api/v1${way?.split('?')[0]}/steps`)).text();
    // What is written of an approval wants a name, not only an id.
    await expect.poll(told).toMatch(/"by":"user_[^"]+","name":"Otto"/);
    expect(otto.troubles()).toEqual([]);
  });
});
