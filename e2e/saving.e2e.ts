import type { Page, Route } from '@playwright/test';
import { workflow } from '../flow/document/workflow.ts';
import { expect, test } from './people/test.ts';
import { newWorkspace } from './people/stock.ts';

const hooked = (path: string, value: string) =>
  workflow.parse({
    heddle: 1,
    name: 'Greetings',
    nodes: [
      { key: 'hook', type: 'start.webhook', at: [0, 0], params: { path, reply: 'respond' }, title: 'Call' },
      {
        key: 'greet',
        type: 'data.set',
        at: [240, 0],
        params: { fields: [{ name: 'text', value }], keep: 'none' },
        title: 'Greet',
      },
      { key: 'answer', type: 'control.respond', at: [480, 0], params: {}, title: 'Answer' },
    ],
    edges: [
      { from: 'hook', to: 'greet' },
      { from: 'greet', to: 'answer' },
    ],
  });

/** Does something and waits until the server has it: what the bar says a moment after a key may still be of before. */
async function stored(page: Page, act: Promise<void>) {
  const put = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.ok());
  await act;
  await put;
}

const bar = (page: Page) => page.getByRole('banner').first();
const saved = (page: Page, words: string) =>
  expect(bar(page).getByRole('status').filter({ hasText: words })).toHaveCount(1);

/** Holds what is saved until it is let go. */
async function holdSaves(page: Page) {
  const held: Route[] = [];
  let isHeld = true;
  await page.route('**/api/v1/workflows/*', (route) =>
    isHeld && route.request().method() === 'PUT' ? void held.push(route) : route.continue(),
  );
  return {
    held: () => held.length,
    letGo: async () => {
      isHeld = false;
      for (const route of held.splice(0)) await route.continue();
    },
  };
}

/** Does something while a tab hears nothing new of its workflow, until what it saves is refused: it asks every few seconds. */
async function unheard(page: Page, act: () => Promise<void>) {
  const held: Route[] = [];
  let isHeld = true;
  await page.route('**/api/v1/workflows/*', (route) =>
    isHeld && route.request().method() === 'GET' ? void held.push(route) : route.fallback(),
  );
  const refused = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.status() === 409);
  await act();
  await refused;
  isHeld = false;
  for (const route of held) await route.fallback();
}

async function call(page: Page, workspace: string, path: string, data: unknown = {}) {
  const answer = await page.request.post(`/hooks/${workspace}/${path}`, { data });
  return { status: answer.status(), json: answer.ok() ? await answer.json() : undefined };
}

test('publishing waits for the save; the bar tells live, changed, off; a workflow is turned off and on', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'publishing');
  const id = await stock.workflow(hooked('greet', 'one'));
  await stock.publish(id);
  await page.goto(`/workflows/${id}`);
  await expect(bar(page)).toContainText('Version 1 live');
  await drawer.choose('Greet');
  const value = drawer.form.getByRole('textbox', { name: 'Value' }).first();
  const saves = await holdSaves(page);
  await value.click();
  await page.keyboard.press('End');
  await page.keyboard.type(' two');
  await expect.poll(saves.held).toBe(1);
  // More is done while the first save is on its way, and published at once.
  await page.keyboard.type(' three');
  await expect(bar(page).getByRole('button', { name: /1 change$/ })).toBeVisible();
  await bar(page).getByRole('button', { name: 'Publish' }).click();
  const dialog = page.getByRole('dialog', { name: 'Publish your changes?' });
  await expect(dialog).toContainText('one two three');
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await saves.letGo();
  await expect(dialog).toBeHidden();
  await expect(bar(page)).toContainText('Version 2 live');
  expect((await call(page, 'publishing', 'greet')).json).toEqual({ text: 'one two three' });
  await expect(bar(page).getByRole('button', { name: /change/ })).toHaveCount(0);

  // What the draft does otherwise is told in words, and can be let go.
  await value.click();
  await page.keyboard.press('End');
  await page.keyboard.type(' four');
  await bar(page).getByRole('button', { name: '1 change' }).click();
  const changes = page.getByRole('dialog', { name: 'Changes since version 2' });
  await expect(changes.getByRole('listitem')).toHaveText([/Greet.*one two three four/]);
  await ines.lookClosely('the changes of a draft');
  await changes.getByRole('button', { name: 'Discard changes' }).click();
  await expect(bar(page).getByRole('button', { name: /change/ })).toHaveCount(0);
  await saved(page, 'Saved');

  // While the server does not answer the dialog says so, and no more once it does.
  ines.expectsTrouble(/ERR_FAILED/);
  const list = /\/api\/v1\/workflows$/;
  await page.route(list, (route) => route.abort());
  await bar(page).getByRole('button', { name: 'Publish' }).click();
  const again = page.getByRole('dialog', { name: 'Publish it again?' });
  await expect(again).toContainText('The server does not answer.');
  const publishing = /\/publish$/;
  await page.route(publishing, (route) => route.abort());
  await again.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(again.getByRole('alert')).toContainText('It was not published. The server is not answering.');
  await page.unroute(list);
  await page.unroute(publishing);
  await expect(again.getByRole('alert')).toContainText('The server did not answer. It does again: publish once more.');
  await expect(again).not.toContainText('not answering');
  await again.getByRole('button', { name: 'Keep as draft' }).click();

  // Off by the bar, on again by the toast's Undo; off at Home, on at Home.
  ines.expectsTrouble(/404|Failed to load resource/);
  await bar(page).getByRole('button', { name: 'More for this workflow' }).click();
  await page.getByRole('menuitem', { name: 'Turn off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
  await expect(bar(page)).toContainText('Off');
  expect((await call(page, 'publishing', 'greet')).status).toBe(404);
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
  await expect(bar(page)).toContainText('Version 2 live');
  expect((await call(page, 'publishing', 'greet')).status).toBe(200);
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByRole('button', { name: 'More for Greetings' }).click();
  await page.getByRole('menuitem', { name: 'Turn off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
  await expect(page.getByRole('row', { name: /Greetings/ })).toContainText('Off');
  expect((await call(page, 'publishing', 'greet')).status).toBe(404);
  await page.getByRole('button', { name: 'More for Greetings' }).click();
  await page.getByRole('menuitem', { name: 'Turn on version 2' }).click();
  await expect(page.getByRole('row', { name: /Greetings/ })).toContainText('Live');
  expect((await call(page, 'publishing', 'greet')).json).toEqual({ text: 'one two three' });
});

test('what was done while the server was away survives a reload and is laid over what came meanwhile; clashes are asked for', async ({
  page,
  context,
  ines,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'offline');
  const id = await stock.workflow(hooked('offline', 'one'));
  await page.goto(`/workflows/${id}`);
  await saved(page, 'Saved');
  ines.expectsTrouble(/ERR_FAILED|ERR_INTERNET|Failed to load resource/);
  const away = '**/api/v1/workflows/*';
  await page.route(away, (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
  const canvas = page.getByRole('main', { name: 'Canvas' });
  const rename = async (at: Page, title: string, to: string) => {
    await at.getByRole('main', { name: 'Canvas' }).getByText(title, { exact: true }).click();
    await at.keyboard.press('F2');
    await at.keyboard.press('Control+A');
    await at.keyboard.type(to);
    await at.keyboard.press('Enter');
    await expect(at.getByRole('main', { name: 'Canvas' }).getByText(to, { exact: true })).toBeVisible();
  };
  await rename(page, 'Greet', 'Say hello');
  await rename(page, 'Answer', 'Mine');
  await saved(page, 'Offline, kept in this browser');

  // Somebody else works meanwhile, in a tab of their own.
  const other = await context.newPage();
  await other.goto(`/workflows/${id}`);
  await stored(other, rename(other, 'Call', 'Theirs came'));
  await saved(other, 'Saved');
  await page.reload();
  await expect(canvas).toContainText('Say hello');
  await expect(canvas).toContainText('Theirs came');
  await expect(canvas).toContainText('Mine');
  await expect(page.getByText('Unsaved changes are back')).toBeVisible();
  // Nobody presses anything: it is tried again by itself.
  await stored(page, page.unroute(away));
  await saved(page, 'Saved');

  // The other tab gets it by its next save, and says so to everybody.
  await stored(other, rename(other, 'Theirs came', 'Call'));
  await expect(other.getByText('Merged with changes from another tab')).toBeVisible();
  await expect(other.getByRole('main', { name: 'Canvas' })).toContainText('Say hello');
  await saved(other, 'Saved');

  // Both change one thing: nobody wins by being later.
  ines.expectsTrouble(/409/);
  await unheard(other, async () => {
    await stored(page, rename(page, 'Mine', 'Here'));
    await saved(page, 'Saved');
    await rename(other, 'Mine', 'There');
  });
  const clash = other.getByRole('dialog', { name: 'The same things were changed elsewhere' });
  await expect(clash).toContainText('There');
  await expect(clash).toContainText('Here');
  await expect(clash.getByRole('button', { name: '1 to choose' })).toBeDisabled();
  await other.keyboard.press('Escape');
  await saved(other, 'Changed elsewhere');
  await other.getByRole('button', { name: 'Choose', exact: true }).click();
  await clash.getByRole('radio', { name: 'Theirs' }).click();
  await clash.getByRole('button', { name: 'Keep these' }).click();
  await expect(other.getByRole('main', { name: 'Canvas' })).toContainText('Here');
  await saved(other, 'Saved');

  // A tab is closed over a clash; what is written here afterwards, offline, is what stands there when the workflow is opened again.
  await unheard(other, async () => {
    await stored(page, rename(page, 'Here', 'Here too'));
    await rename(other, 'Here', 'Never chosen');
  });
  await expect(clash).toContainText('Never chosen');
  await other.keyboard.press('Escape');
  await other.close();
  await page.route(away, (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
  await rename(page, 'Here too', 'Written last');
  await saved(page, 'Offline, kept in this browser');
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByRole('link', { name: 'Greetings' }).click();
  await expect(canvas).toContainText('Written last');
  await stored(page, page.unroute(away));
  await saved(page, 'Saved');

  // A node that the workflow had not is added although its card cannot be had: its ports are there, its form comes by itself.
  const cards = '**/api/v1/nodes?types=*';
  await page.route(cards, (route) => route.abort());
  await page.getByRole('complementary', { name: 'Nodes' }).getByRole('button', { name: 'If', exact: true }).click();
  const panel = page.getByRole('complementary', { name: 'Node', exact: true });
  await expect(panel.getByLabel('Loading the node')).toBeVisible();
  await expect(canvas.getByText('false', { exact: true })).toBeVisible();
  await page.unroute(cards);
  await expect(panel.getByText('Conditions', { exact: true })).toBeVisible();
  await saved(page, 'Saved');

  // A part of the page that is opened while the server is away comes by itself, and with its look.
  const gone = /\/(assets\/|readyz)/;
  await page.route(gone, (route) => route.abort());
  await page.getByRole('button', { name: 'Data', exact: true }).click();
  await expect(page.getByText('The server does not answer')).toBeVisible();
  await page.unroute(gone);
  await expect(page.locator('.data-room .empty')).toBeVisible();
  // Of a sheet that did not come the rules cannot be read.
  const bare = () =>
    page.locator('link[rel=stylesheet]').evaluateAll(
      (all) =>
        all.filter((one) => {
          try {
            return !(one as HTMLLinkElement).sheet?.cssRules.length;
          } catch {
            return true;
          }
        }).length,
    );
  await expect.poll(bare).toBe(0);
});

test('a form is tried before it is live: it is opened, sent, and what was sent runs the draft', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'trying');
  const id = await stock.workflow(
    workflow.parse({
      heddle: 1,
      name: 'Trips',
      nodes: [
        {
          key: 'trip',
          type: 'start.form',
          at: [0, 0],
          params: {
            path: 'trips',
            title: 'Plan a trip',
            fields: [{ name: 'city', label: 'City', kind: 'text', required: true }],
            reply: 'last',
          },
        },
        {
          key: 'greet',
          type: 'data.set',
          at: [240, 0],
          params: { fields: [{ name: 'text', value: 'To {{ $json.city }}' }] },
        },
      ],
      edges: [{ from: 'trip', to: 'greet' }],
    }),
  );
  await page.goto(`/workflows/${id}`);
  await drawer.choose('Form');
  await page.getByRole('button', { name: 'Test the form' }).click();
  const waiting = page.locator('.listen-bar');
  await expect(waiting).toContainText('Waiting for the form to be sent');
  await ines.lookClosely('a form that is tried');
  const told = page.waitForResponse((response) => response.request().method() === 'PUT' && response.status() === 204);
  await waiting.getByRole('checkbox', { name: 'Run the draft with it' }).click();
  await told;
  const address = (await waiting.locator('code').textContent()) ?? '';
  const form = await page.context().newPage();
  await form.goto(new URL(address).pathname);
  await form.getByLabel('City').fill('Åre');
  await form.getByRole('button').click();
  // Whoever sends it is answered by the run, as once it is live.
  await expect(form.getByText('To Åre')).toBeVisible();
  await form.close();
  await expect(waiting).toBeHidden();
  await expect(page.getByRole('region', { name: 'Data of the node' })).toContainText('Pinned: 1 item');
  await expect(page.locator('.runbar')).toContainText('Finished');
});

test('a webhook is listened to on the canvas; its call is pinned, edited in place and run; a failed run is tried again with its data', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'listening');
  const id = await stock.workflow(hooked('listen/:id', 'Hej {{ $json.body.who }} {{ $json.params.id }}'));
  await page.goto(`/workflows/${id}`);
  await bar(page).getByRole('button', { name: 'More for this workflow' }).click();
  await page.getByRole('menuitem', { name: 'Show URLs' }).click();
  const urls = page.getByRole('dialog', { name: 'URLs of this workflow' });
  await expect(urls).toContainText('/hooks/listening/listen/:id');
  await ines.lookClosely('the URLs of a workflow');
  await urls.getByRole('button', { name: 'Listen for a test call' }).click();
  const listening = page.locator('.listen-bar');
  await expect(listening).toContainText('Listening for a test call');
  // It lies over the canvas: nothing that is drawn moves because somebody listens.
  const room = () =>
    page.getByRole('main', { name: 'Canvas' }).evaluate((canvas) => canvas.getBoundingClientRect().top);
  const top = await room();
  const address = (await listening.locator('code').textContent()) ?? '';
  const told = page.waitForResponse((response) => response.request().method() === 'PUT' && response.status() === 204);
  await listening.getByRole('checkbox', { name: 'Run the draft with it and answer the caller' }).click();
  await told;
  const tried = await page.request.post(new URL(address).pathname.replace(':id', '17'), { data: { who: 'Maren' } });
  // Who calls is answered as by the live webhook: here with what the Respond node of the draft says.
  expect([tried.status(), await tried.json()]).toEqual([200, { text: 'Hej Maren 17' }]);
  await expect(listening).toBeHidden();
  expect(await room()).toBe(top);
  const data = page.getByRole('region', { name: 'Data of the node' });
  await expect(data).toContainText('Pinned: 1 item');
  await expect(page.locator('.runbar')).toContainText('Finished');
  // What had the focus is gone with the bar: it is at what takes its place.
  await expect(data.getByRole('button', { name: 'Edit output' })).toBeFocused();
  await drawer.choose('Greet');
  await expect(data).toContainText('Hej Maren 17');

  // In a smaller window an item stands below its table, and is read there: it had no height.
  const size = page.viewportSize() ?? { width: 1440, height: 900 };
  await page.setViewportSize({ width: 1024, height: 768 });
  await data.locator('tbody tr').first().click();
  await expect.poll(async () => (await data.getByRole('tree').boundingBox())?.height ?? 0).toBeGreaterThan(44);
  await page.setViewportSize(size);

  // The pin is written by hand; what is no list of items is refused in words.
  await drawer.choose('Call');
  await data.getByRole('button', { name: 'Edit output' }).click();
  const text = data.getByRole('textbox', { name: 'Output as JSON' });
  await text.press('Control+A');
  await page.keyboard.insertText('{"who"');
  await expect(data.getByRole('alert')).toHaveCount(0);
  await page.keyboard.press('Tab');
  await expect(data.getByRole('alert')).toContainText('This is not JSON');
  await data.getByRole('button', { name: 'Pin this' }).click();
  await expect(data.getByRole('alert')).toContainText('This is not JSON');
  await text.press('Control+A');
  await page.keyboard.insertText('[{"body": {"who": "Ines"}, "params": {"id": 3}}]');
  // One way to pin: the tools above would pin what stood there before.
  await expect(data.getByRole('button', { name: /^(Pin output|Unpin|Listen for a test call)$/ })).toHaveCount(0);
  await ines.lookClosely('a pin that is written');
  await text.press('Control+Enter');
  await bar(page).getByRole('button', { name: 'Run', exact: true }).click();
  await drawer.choose('Greet');
  await expect(data).toContainText('Hej Ines 3');
  await drawer.choose('Call');
  await data.getByRole('button', { name: 'Unpin' }).click();

  // The button that begins to listen goes away: the focus is on the one that ends it, and then back in the graph.
  // It is offered once on a screen: the form beside leaves it to the panel of the data.
  await expect(page.getByRole('button', { name: 'Listen for a test call' })).toHaveCount(1);
  await data.getByRole('button', { name: 'Listen for a test call' }).click();
  await expect(listening.getByRole('button', { name: 'Stop' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(listening).toBeHidden();
  await expect(page.locator('.react-flow__node:focus')).toHaveCount(1);

  // A run comes from elsewhere: its start item is the input of every try, until it is let go.
  const run = await stock.run(id, { body: { who: 'Karl' }, params: { id: 9 } });
  await page.goto(`/workflows/${id}?run=${run}&node=greet`);
  await expect(page.getByText(/Using data of run/)).toBeVisible();
  await page
    .getByRole('complementary', { name: 'Node', exact: true })
    .getByRole('button', { name: 'Run up to here' })
    .click();
  await expect(page.locator('.runbar')).toContainText('Finished');
  await expect(data).toContainText('Hej Karl 9');
  // What is pinned meanwhile does not count before the run is let go.
  const call = page.locator('.react-flow__node[data-id="hook"]');
  await drawer.choose('Call');
  await data.getByRole('button', { name: 'Pin output' }).click();
  await expect(data).toContainText('Pin not used: 1 item');
  await expect(call).toContainText('Pin not used');
  await ines.lookClosely('a pin beside the data of a run');
  await page.getByRole('button', { name: 'Stop using the data of this run' }).click();
  await expect(page.getByText(/Using data of run/)).toHaveCount(0);
  await expect(call).not.toContainText('Pin not used');
  await expect(data).toContainText('Pinned: 1 item');
});

test('Run, Publish and the rest of the bar are on the screen at every width', async ({ page, ines }) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'narrow');
  const id = await stock.workflow({ ...hooked('narrow', 'x'), name: 'A workflow with a rather long name of its own' });
  await stock.publish(id);
  for (const width of [390, 768, 1024, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`/workflows/${id}`);
    await saved(page, 'Saved');
    for (const name of ['Run', 'Publish', 'More for this workflow']) {
      const box = await bar(page).getByRole('button', { name, exact: true }).boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= width, `${name} at ${width}`).toBe(true);
    }
    // How it stands is said at every width, on a phone in a word.
    await expect(bar(page).getByText(width === 390 ? 'Live' : 'Version 1 live', { exact: true })).toBeVisible();
    await bar(page).getByRole('button', { name: 'More for this workflow' }).click();
    await expect(page.getByRole('menuitem', { name: 'Undo' })).toHaveCount(width === 390 ? 1 : 0);
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});

test('a double click on Run is one run, and who runs right after a fix is judged by the fix; Escape and Enter in the name are keys', async ({
  page,
  ines,
  drawer,
}) => {
  await ines.logIn();
  const stock = await newWorkspace(page, 'pressed');
  const id = await stock.workflow(hooked('pressed', 'x'));
  await page.goto(`/workflows/${id}`);
  await saved(page, 'Saved');
  const starts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/runs')) starts.push(request.url());
  });
  const run = bar(page).getByRole('button', { name: 'Run', exact: true });
  const shown = page.locator('.runbar');
  for (let times = 1; times <= 3; times++) {
    await run.dblclick();
    await expect(shown).toContainText('Finished');
    await expect(run).toBeVisible();
    expect(starts).toHaveLength(times);
    // What is finished next is the next run, and not still this one.
    await shown.getByRole('button', { name: 'Hide the run' }).click();
    await expect(shown).toHaveCount(0);
  }

  // The list of Issues is made when the page has time: who is faster was refused for what they had mended.
  const field = drawer.form.getByRole('textbox', { name: 'Path', exact: true });
  await drawer.choose('Call');
  await field.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('no path');
  await expect(page.getByRole('button', { name: /^Issues, .*1 to fix/ })).toBeVisible();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('mended');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => starts.length).toBe(4);
  await expect(shown).toContainText('Finished');
  // And the other way round.
  await field.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('no path');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('1 problem to fix before it can run')).toBeVisible();
  expect(starts).toHaveLength(4);

  const name = bar(page).getByRole('textbox', { name: 'Name of the workflow' });
  await name.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Other');
  await page.keyboard.press('Escape');
  await expect(name).toHaveValue('Greetings');
  await expect(name).not.toBeFocused();
  await name.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Hellos');
  await page.keyboard.press('Enter');
  await expect(name).not.toBeFocused();
  await expect(name).toHaveValue('Hellos');
  await saved(page, 'Saved');
});
