import type { Locator } from '@playwright/test';
import { owner } from './people/person.ts';
import { expect, test } from './people/test.ts';

test('somebody new draws a workflow with the mouse, calls it, sees it break, mends it and goes on', async ({
  target,
  newHeddle,
  page,
  request,
  ines,
  drawer,
}) => {
  const { form } = drawer;
  const pick = async (from: Locator, option: string) => {
    await from.click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  const addField = async (name: string, value: string) => {
    await form.getByRole('button', { name: 'Add a field' }).click();
    await form.getByLabel('Name', { exact: true }).last().fill(name);
    await form.getByLabel('Value', { exact: true }).last().fill(value);
  };
  target.answers(200, { reserved: true });

  await test.step('signs up', async () => {
    await page.goto(newHeddle.url);
    await expect(page.getByRole('heading', { name: 'Set up Heddle' })).toBeVisible();
    await ines.lookClosely('setup');
    await page.getByLabel('Your name').fill(owner.name);
    await page.getByLabel('E-mail').fill(owner.email);
    await page.getByLabel('Password').fill(owner.password);
    await page.getByRole('button', { name: 'Set up' }).click();
    await expect(page.getByText('No workflows yet')).toBeVisible();
  });

  await test.step('draws webhook, set, if, HTTP and respond', async () => {
    await page.getByRole('button', { name: 'New workflow' }).click();
    await expect(page.getByRole('main', { name: 'Canvas' })).toBeVisible();
    await ines.lookClosely('editor, empty');
    await page.getByRole('textbox', { name: 'Name of the workflow' }).fill('Orders');

    await drawer.drop('Webhook', [130, 200]);
    await form.getByLabel('Path', { exact: true }).fill('orders');
    await pick(form.getByRole('combobox', { name: 'Respond', exact: true }), 'Using a Respond node');

    await drawer.drop('Set fields', [370, 200]);
    await addField('sku', '{{ $json.body.sku }}');
    await addField('total', '{{ $json.body.net * 1.2 }}');
    await pick(form.getByRole('combobox', { name: 'Keep other fields' }), 'None');
    await drawer.connect('Webhook', 'out', 'Set fields');

    await drawer.pullOut('Set fields', 'out', [530, 175], 'If');
    await form.getByRole('button', { name: 'Condition' }).click();
    await form.getByLabel('Left side of Condition 1', { exact: true }).fill('{{ $json.total }}');
    await pick(form.getByRole('combobox', { name: 'Comparison of Condition 1' }), 'is greater than');
    await form.getByLabel('Right side of Condition 1', { exact: true }).fill('100');

    await drawer.drop('HTTP request', [600, 420]);
    await pick(form.getByRole('combobox', { name: 'Method' }), 'POST');
    await form.getByLabel('URL', { exact: true }).fill(`${target.url}/stock`);
    await pick(form.getByRole('combobox', { name: 'Body', exact: true }), 'JSON body');
    await form.getByLabel('JSON body', { exact: true }).fill('{{ $json }}');
    await drawer.connect('If', 'true', 'HTTP request');
    await drawer.drop('Respond', [760, 520]);
    await drawer.connect('HTTP request', 'reply', 'Respond');
    await drawer.connect('If', 'false', 'Respond');
    await ines.lookClosely('editor, small');
  });

  await test.step('publishes', async () => {
    await page.getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish this workflow?' });
    await ines.lookClosely('publish');
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await expect(page.getByText('Version 1 is live')).toBeVisible();
  });
  let lastRun = '';
  const order = async (net: number) => {
    const answer = await request.post(`${newHeddle.url}/hooks/main/orders`, { data: { sku: 'A1', net } });
    lastRun = answer.headers()['heddle-run-id'] ?? '';
    return answer;
  };

  await test.step('calls it from outside', async () => {
    const small = await order(10);
    expect(await small.json()).toEqual({ sku: 'A1', total: 12 });
    const large = await order(100);
    expect(await large.json()).toEqual({ reserved: true });
    expect(target.calls).toEqual([{ method: 'POST', path: '/stock', body: '{"sku":"A1","total":120}' }]);
  });

  const step = page.getByRole('complementary', { name: 'Step' });
  const openLastRun = async () => {
    await page.getByRole('link', { name: 'Home' }).click();
    await ines.goTo('Runs');
    // A list that was open before may still be the one of then.
    await page.getByRole('row').locator(`a.strong[href="/runs/${lastRun}"]`).click();
    await expect(page.getByRole('heading', { name: /^Run /, level: 1 })).toBeVisible();
  };
  const reads = async (node: string, side: 'Input' | 'Output', cells: readonly string[]) => {
    await page.locator('.node').filter({ hasText: node }).locator('.node-selvage').click();
    await step
      .getByRole('tab', { name: new RegExp(`^${side}`) })
      .first()
      .click();
    for (const cell of cells) await expect(step.getByText(cell, { exact: true }).first()).toBeVisible();
  };

  await test.step('opens the run and reads the data of each node', async () => {
    await openLastRun();
    await expect(page.getByRole('banner').getByText('Finished')).toBeVisible();
    await reads('Webhook', 'Output', ['POST', '/orders']);
    await reads('Set fields', 'Output', ['A1', '120']);
    await reads('If', 'Output', ['A1', '120']);
    await reads('HTTP request', 'Input', ['A1', '120']);
    await reads('HTTP request', 'Output', ['true']);
    await reads('Respond', 'Input', ['true']);
    await ines.lookClosely('run, finished');
  });

  await test.step('Retry of what went well asks first, and names what is sent a second time', async () => {
    const retry = page.getByRole('button', { name: 'Retry', exact: true });
    await expect(retry).not.toHaveClass(/primary/);
    const before = target.calls.length;
    const was = page.url();
    await retry.click();
    const asked = page.getByRole('dialog', { name: 'Retry this run?' });
    await expect(asked).toContainText('HTTP request runs again: what it sends is sent again.');
    await asked.getByRole('button', { name: 'Leave it' }).click();
    await expect(asked).toBeHidden();
    expect(page.url()).toBe(was);
    expect(target.calls.length).toBe(before);
  });

  await test.step('breaks it and sees why', async () => {
    target.answers(500, { error: 'out of order' });
    expect((await order(200)).status()).toBe(500);
    await openLastRun();
    await expect(page.getByRole('banner').getByText('Failed')).toBeVisible();
    await expect(step.getByRole('alert')).toContainText('500');
    await ines.lookClosely('run, failed');
  });

  await test.step('mends it and goes on from the node that failed', async () => {
    target.answers(200, { reserved: true });
    const before = target.calls.length;
    await page.getByRole('button', { name: /^Retry from/ }).click();
    await expect(page.getByRole('banner').getByText('Finished')).toBeVisible();
    await reads('HTTP request', 'Output', ['true']);
    await reads('Set fields', 'Output', ['A1', '240']);
    expect(target.calls.length).toBe(before + 1);
  });
});
