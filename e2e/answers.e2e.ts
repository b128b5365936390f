import type { Page } from '@playwright/test';
import { expect, test } from './people/test.ts';

/** Publishes a webhook that answers with a text of this type, as whoever is logged in at the page; gives its address. */
async function answering(page: Page, path: string, type: string, value: string): Promise<string> {
  const nodes = [
    { key: 'hook', type: 'start.webhook', params: { path, methods: ['GET'], reply: 'respond' } },
    { key: 'reply', type: 'control.respond', params: { with: 'text', value, headers: { 'Content-Type': type } } },
  ];
  const document = { heddle: 1, name: path, nodes, edges: [{ from: 'hook', to: 'reply' }] };
  await page.evaluate(async (sent) => {
    const post = async (url: string, body: object) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return answer.json();
    };
    const { id } = await post('/api/v1/workflows', { document: sent });
    await post(`/api/v1/workflows/${id}/publish`, {});
  }, document);
  return `/hooks/main/${path}`;
}

const thief = `<!doctype html><title>calm</title><body>An answer<script>
  document.title = 'ran';
  fetch('/api/v1/me').then((answer) => { document.title = 'me ' + answer.status; });
  document.title = document.cookie + localStorage.length;
</script><img src="x" onerror="document.title = 'img'"><a href="javascript:document.title='link'">link</a>
<iframe srcdoc="<script>parent.document.title = 'frame'</script>"></iframe></body>`;

test('what a workflow answers cannot act as the person who looks at it', async ({ page, ines }) => {
  await ines.logIn();

  await test.step('a page of a webhook runs nothing, and has no origin', async () => {
    const url = await answering(page, 'thief', 'text/html', thief);
    const seen = await page.context().newPage();
    const asked: string[] = [];
    seen.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await seen.goto(url);
    await expect(seen.getByText('An answer')).toBeVisible();
    await seen.getByRole('link', { name: 'link' }).click();
    expect(await seen.title()).toBe('calm');
    expect(asked.filter((path) => path.startsWith('/api/'))).toEqual([]);
    await seen.close();
  });

  await test.step('a script of a webhook is none to Heddle’s own pages', async () => {
    ines.expectsTrouble(/hooks\/main\/script/);
    const url = await answering(page, 'script', 'text/javascript', 'document.title = "ran"');
    const outcome = await page.evaluate(
      (src) =>
        new Promise<string>((resolve) => {
          const script = document.createElement('script');
          script.onload = () => resolve('ran');
          script.onerror = () => resolve('refused');
          script.src = src;
          document.head.append(script);
        }),
      url,
    );
    expect(outcome).toBe('refused');
    expect(await page.title()).not.toBe('ran');
  });

  await test.step('Settings say what protects Heddle from code', async () => {
    await page.goto('/settings/workspace');
    await expect(page.getByRole('heading', { name: 'Sandbox' })).toBeVisible();
    await expect(page.getByText('New rights')).toBeVisible();
  });
});
