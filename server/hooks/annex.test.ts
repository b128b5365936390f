import { expect, test } from 'vitest';
import { openBare } from '../http/testing/bare.ts';
import { openAnnex } from './annex.ts';
import type { ServeRaw } from './annex.ts';

test('guessed links and test calls of one place are refused before they are looked up, once it has had its share', async () => {
  const served: string[] = [];
  const serve: ServeRaw = async (request, response) => {
    served.push(request.url ?? '');
    response.writeHead(404).end();
  };
  const doors = { hooks: serve, forms: serve, resume: serve, testHooks: serve, testForms: serve };
  await using http = await openBare({ budget: { known: 100, unknown: 3 }, annexes: [openAnnex(doors)] });
  const ask = async (url: string) => (await http.app.inject({ method: 'POST', url })).statusCode;
  for (const url of ['/resume/a', '/test-hooks/b/x', '/test-forms/c/x']) expect(await ask(url)).toBe(404);
  for (const url of ['/resume/d', '/test-hooks/e/x', '/test-forms/f/x']) expect(await ask(url)).toBe(429);
  expect(served).toHaveLength(3);
  // Webhooks and forms are found in memory, and count by trigger: others' senders share places with strangers.
  expect(await ask('/hooks/main/nothing')).toBe(404);
});
