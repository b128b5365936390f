import { owner } from './people/person.ts';
import { expect, test } from './people/test.ts';
import { typistAt } from './people/typist.ts';

test('somebody without a mouse draws the same workflow in the outline, calls it, sees it break, mends it and goes on', async ({
  target,
  newHeddle,
  page,
  request,
  ines,
}) => {
  const keys = await typistAt(page);
  const form = page.getByRole('complementary', { name: 'Node', exact: true });
  const row = (title: string) => page.getByRole('treeitem', { name: new RegExp(`^${title}`) });
  target.answers(200, { reserved: true });

  await test.step('signs up', async () => {
    await page.goto(newHeddle.url);
    await keys.fill(page.getByLabel('Your name'), owner.name);
    await keys.fill(page.getByLabel('E-mail'), owner.email);
    await keys.fill(page.getByLabel('Password'), owner.password);
    await keys.press('Enter');
    await expect(page.getByText('No workflows yet')).toBeVisible();
  });

  const field = (label: string) => form.getByLabel(label, { exact: true });
  const choice = (label: string) => form.getByRole('combobox', { name: label, exact: true });
  /** Adds a node after the chosen one and goes to its form. */
  const add = async (words: string, title: string) => {
    await keys.press('n');
    const picker = page.getByRole('dialog', { name: 'Add a node' });
    await expect(picker.getByRole('combobox')).toBeFocused();
    await keys.type(words);
    await expect(picker.getByRole('option').first()).toContainText(title);
    await keys.press('Enter');
    await expect(row(title)).toHaveAttribute('aria-selected', 'true');
    await expect(row(title)).toBeFocused();
    await keys.press('Enter');
    await expect(form.locator(':focus')).toBeVisible();
  };

  /** Leaves the form for the outline. */
  const back = async (title: string) => {
    await keys.press('Escape');
    await expect(row(title)).toBeFocused();
  };

  await test.step('draws webhook, set, if, HTTP and respond', async () => {
    await keys.use(page.getByRole('button', { name: 'New workflow' }));
    await expect(page.getByRole('main', { name: 'Canvas' })).toBeVisible();
    await keys.fill(page.getByRole('textbox', { name: 'Name of the workflow' }), 'Orders');
    await keys.press('Tab', 'o');
    await expect(page.getByRole('complementary', { name: 'Outline' })).toBeVisible();

    // Pressed within one frame, the last has the focus: where the ones before lead to does not take it back.
    await keys.atOnce('o', 'o', 'n');
    await expect(page.getByRole('dialog', { name: 'Add a node' }).getByRole('combobox')).toBeFocused();
    await keys.press('Escape');
    await add('webhook', 'Webhook');
    await keys.fill(field('Path'), 'orders');
    await keys.pick(choice('Respond'), 'Using a Respond node');
    await back('Webhook');

    await add('set', 'Set fields');
    await keys.use(form.getByRole('button', { name: 'Add a field' }));
    await keys.fill(field('Name').last(), 'sku');
    await keys.fill(field('Value').last(), '{{ $json.body.sku }}');
    await keys.use(form.getByRole('button', { name: 'Add a field' }));
    await keys.fill(field('Name').last(), 'total');
    await keys.fill(field('Value').last(), '{{ $json.body.net * 1.2 }}');
    await keys.pick(choice('Keep other fields'), 'None');
    await back('Set fields');

    await add('if', 'If');
    await keys.use(form.getByRole('button', { name: 'Condition' }));
    await keys.fill(field('Left side of Condition 1'), '{{ $json.total }}');
    await keys.pick(choice('Comparison of Condition 1'), 'is greater than');
    await keys.fill(field('Right side of Condition 1'), '100');
    await back('If');

    await add('http', 'HTTP request');
    await keys.pick(choice('Method'), 'POST');
    await keys.fill(field('URL'), `${target.url}/stock`);
    await keys.pick(choice('Body'), 'JSON body');
    await keys.fill(field('JSON body'), '{{ $json }}');
    await back('HTTP request');

    await add('respond', 'Respond');
    await back('Respond');
    await ines.lookClosely('outline');
  });

  await test.step('publishes', async () => {
    await keys.press('Control+Shift+P');
    await keys.use(page.getByRole('dialog').getByRole('button', { name: 'Publish' }));
    await expect(page.getByText('Version 1 is live')).toBeVisible();
  });

  let lastRun = '';
  const order = async (net: number) => {
    const answer = await request.post(`${newHeddle.url}/hooks/main/orders`, { data: { sku: 'A1', net } });
    lastRun = answer.headers()['heddle-run-id'] ?? '';
    return answer;
  };
  await test.step('calls it from outside', async () => {
    expect(await (await order(100)).json()).toEqual({ reserved: true });
  });

  const step = page.getByRole('complementary', { name: 'Step' });
  const openLastRun = async () => {
    await keys.use(page.getByRole('link', { name: 'Home' }));
    await keys.use(page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }));
    const link = page.getByRole('row').locator(`a.strong[href="/runs/${lastRun}"]`);
    // A list that was open before may still be the one of then.
    await expect(link).toBeVisible();
    await keys.use(link);
    await expect(page.getByRole('heading', { name: /^Run /, level: 1 })).toBeVisible();
  };
  const reads = async (node: string, text: string) => {
    const wanted = page.getByRole('option', { name: node });
    await keys.reach(page.getByRole('listbox', { name: 'Steps' }));
    await keys.press('Home');
    while ((await wanted.getAttribute('aria-selected')) !== 'true') await keys.press('ArrowDown');
    await keys.use(step.getByRole('tab', { name: /^Output/ }).first());
    await expect(step.getByText(text, { exact: true }).first()).toBeVisible();
  };

  await test.step('opens the run and reads the data of each node', async () => {
    await openLastRun();
    await reads('Webhook', '/orders');
    await reads('Set fields', '120');
    await reads('If', '120');
    await reads('HTTP request', 'true');
    await reads('Respond', 'true');
  });

  await test.step('breaks it, sees why, mends it and goes on from the node that failed', async () => {
    target.answers(500, { error: 'out of order' });
    expect((await order(200)).status()).toBe(500);
    await openLastRun();
    await expect(step.getByRole('alert')).toContainText('500');
    target.answers(200, { reserved: true });
    await keys.use(page.getByRole('button', { name: /^Retry from/ }));
    await expect(page.getByRole('banner').getByText('Finished')).toBeVisible();
    await reads('HTTP request', 'true');
  });
});
