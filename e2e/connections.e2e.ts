import { boxOf } from './people/box.ts';
import { expect, test } from './people/test.ts';

const secret = 'sk_live_a secret of Ines';

test('somebody keeps a key here, hands it to a node, replaces it, and removes it', async ({ page, baseURL, ines }) => {
  await ines.logIn();

  await test.step('connects: the secret goes in, and what does not fit is said beside it', async () => {
    await ines.goTo('Connections');
    await expect(page.getByText('No connections yet')).toBeVisible();
    await page.getByRole('button', { name: 'Connect' }).click();
    const dialog = page.getByRole('dialog', { name: 'New connection' });
    await dialog.getByLabel('Header').fill('X-Api-Key');
    await dialog.getByRole('button', { name: 'Connect' }).click();
    await expect(dialog.getByText('Enter a value.')).toBeVisible();
    await ines.lookClosely('connections, connecting');
    await dialog.getByLabel('Name').fill('Ledger');
    await dialog.getByLabel('Value').fill(secret);
    // What was mended says nothing any more, and long words stay within the dialog.
    await expect(dialog.locator('.field-error')).toHaveCount(0);
    await dialog.getByLabel('Allowed hosts').fill(`${'x'.repeat(300)}_`);
    const said = dialog.locator('.field-error');
    await expect(said).toContainText('is not a host');
    const [words, frame] = [await boxOf(said), await boxOf(dialog)];
    expect(words.x + words.width).toBeLessThanOrEqual(frame.x + frame.width);
    expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
    await dialog.getByLabel('Allowed hosts').fill('ledger.example.com');
    // In a low window its buttons are there all the same.
    const wide = page.viewportSize();
    await page.setViewportSize({ width: 1024, height: 480 });
    await expect(dialog.getByRole('button', { name: 'Connect' })).toBeInViewport({ ratio: 1 });
    if (wide) await page.setViewportSize(wide);
    await dialog.getByRole('button', { name: 'Connect' }).click();
    await expect(page.getByRole('cell', { name: 'ledger.example.com' })).toBeVisible();
    await expect(dialog).toBeHidden();
    await ines.lookClosely('connections');
  });

  const id = await test.step('a node takes it, or a new one made on the spot', async () => {
    const ask = {
      key: 'ask',
      type: 'connect.http-request',
      params: { url: 'https://ledger.example.com/' },
      at: [260, 0],
    };
    const go = { key: 'go', type: 'start.manual', at: [0, 0] };
    const document = { heddle: 1, name: 'Invoices', nodes: [go, ask], edges: [{ from: 'go', to: 'ask' }] };
    const headers = { origin: baseURL ?? '' };
    const made = await (await page.request.post('/api/v1/workflows', { data: { document }, headers })).json();
    await page.goto(`/workflows/${made.id}`);
    await page.getByRole('main', { name: 'Canvas' }).getByText('HTTP request').first().click();
    const form = page.getByRole('complementary', { name: 'Node' });
    await form.getByRole('combobox', { name: 'Connection' }).click();
    await page.getByRole('option', { name: 'Ledger' }).click();
    await expect(form.getByRole('combobox', { name: 'Connection' })).toHaveText('Ledger');
    await form.getByRole('button', { name: 'New connection' }).click();
    const dialog = page.getByRole('dialog', { name: 'New connection' });
    await dialog.getByLabel('Name').fill('Second');
    // The list of kinds lay under the dialog's scrim, where no mouse reached it.
    const kind = dialog.getByRole('combobox', { name: 'Kind' });
    await kind.click();
    await page.getByRole('option', { name: 'Bearer token' }).click();
    await expect(dialog.getByLabel('Header')).toHaveCount(0);
    await kind.click();
    await page.getByRole('option', { name: 'API key in a header' }).click();
    await dialog.getByLabel('Header').fill('X-Api-Key');
    await dialog.getByLabel('Value').fill(secret);
    await dialog.getByRole('button', { name: 'Connect' }).click();
    await expect(form.getByRole('combobox', { name: 'Connection' })).toHaveText('Second');
    return String(made.id);
  });

  await test.step('replaces its secret, and removes it knowing who will miss it', async () => {
    const saved = async () => JSON.stringify(await (await page.request.get(`/api/v1/workflows/${id}`)).json());
    await expect.poll(saved).toContain('"credential":"Second"');
    await page.goto('/connections');
    await page.getByRole('button', { name: 'Change Ledger' }).click();
    const ledger = page.getByRole('dialog', { name: 'Change Ledger' });
    await ledger.getByLabel('Allowed hosts').fill('ledger.example.com, elsewhere.example.com');
    await ledger.getByRole('button', { name: 'Save' }).click();
    await expect(ledger.getByText('Enter it again: so far it is not sent to elsewhere.example.com.')).toBeVisible();
    await ledger.getByLabel('Allowed hosts').fill('ledger.example.com:443');
    await ledger.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Ledger is changed')).toBeVisible();
    await page.getByRole('button', { name: 'Change Second' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change Second' });
    await dialog.getByLabel('Header').fill('X-Key');
    await dialog.getByLabel('Value').fill('another');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('The secret of Second is replaced')).toBeVisible();
    await page.getByRole('button', { name: 'Remove Second' }).click();
    await expect(page.getByText('Invoices will fail without it.')).toBeVisible();
    await ines.lookClosely('connections, removing');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Remove Second' })).toHaveCount(0);
    const listed = await (await page.request.get('/api/v1/credentials')).text();
    expect(listed).toContain('Ledger');
    expect(listed + (await page.content())).not.toContain(secret);
  });
});
