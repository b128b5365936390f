import { expect, test } from './people/test.ts';

/** What may be downloaded, compressed, until an empty canvas takes its first node. Fonts come beside it: the text is there without them. */
const most = 350_000;

test('an empty canvas takes its first node after less than 350 kB', async ({ page, context, ines }) => {
  await ines.logIn();
  const document = { heddle: 1, name: 'Empty', nodes: [], edges: [] };
  const headers = { origin: new URL(page.url()).origin };
  const made = await page.request.post('/api/v1/workflows', { data: { document }, headers });
  const { id } = await made.json();

  const fresh = await context.newPage();
  const wire = await context.newCDPSession(fresh);
  await wire.send('Network.enable');
  await wire.send('Network.setCacheDisabled', { cacheDisabled: true });
  const answers = new Map<string, { address: string; headers: number }>();
  const loaded: { address: string; bytes: number }[] = [];
  wire.on('Network.responseReceived', ({ requestId, response }) =>
    answers.set(requestId, { address: response.url, headers: lengthOf(response.headers) }),
  );
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const { address, headers } = answers.get(requestId) ?? { address: '', headers: 0 };
    loaded.push({ address, bytes: encodedDataLength - headers });
  });

  await fresh.goto(`/workflows/${id}`, { waitUntil: 'networkidle' });
  await expect(fresh.getByRole('heading', { name: 'What starts this workflow?' })).toBeVisible();
  await fresh.keyboard.press('N');
  await expect(fresh.getByRole('combobox', { name: 'Find a node' })).toBeFocused();
  await fresh.keyboard.type('webhook');
  await expect(fresh.getByRole('option', { name: /^Webhook/ })).toBeVisible();
  const isFont = ({ address }: { address: string }) => address.endsWith('.woff2');
  const sum = (list: typeof loaded) => list.reduce((total, { bytes }) => total + bytes, 0);
  const [fonts, rest] = [loaded.filter(isFont), loaded.filter((one) => !isFont(one))];
  console.log(`first node after ${kilobytes(sum(rest))}, fonts ${kilobytes(sum(fonts))}`);
  const heaviest = rest.toSorted((a, b) => b.bytes - a.bytes).slice(0, 8);
  expect(rest.length, 'what is measured was really downloaded').toBeGreaterThan(5);
  expect(sum(rest), heaviest.map(({ address, bytes }) => `${kilobytes(bytes)} ${address}`).join('\n')).toBeLessThan(
    most,
  );

  await fresh.keyboard.press('Enter');
  await expect(fresh.getByRole('main', { name: 'Canvas' }).getByText('Webhook')).toBeVisible();
});

/** What the head of an answer weighs: it is told with the body, but is no part of what was built. */
const lengthOf = (headers: Readonly<Record<string, string>>): number =>
  Object.entries(headers).reduce((total, [name, value]) => total + name.length + value.length + 4, 0);

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
