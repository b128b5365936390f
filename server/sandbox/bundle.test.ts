import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { expect, it } from 'vitest';
import { copyLibraries } from './emit.ts';
import { job, outputOf, testSandbox } from './testing.ts';

it('works from a minified bundle in a folder that nobody else may enter', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-bundle-'));
  chmodSync(folder, 0o700);
  const runner = join(folder, 'sandbox-child.mjs');
  await build({
    input: join(import.meta.dirname, 'child.ts'),
    platform: 'node',
    output: { file: runner, format: 'esm', minify: true },
    logLevel: 'silent',
  });
  copyLibraries(import.meta.dirname, folder);
  await using sandbox = testSandbox({ runner, spares: 0 });
  const source =
    "const u = new URL('http://a/b'); console.log(item); return [item, u.host, await structuredClone([1]), btoa('x'), Buffer.from('x').toString('hex'), DateTime.utc(2024).year]";
  const result = await sandbox.runCode(job(source, { mode: 'each', items: [1, 2] }));
  expect(outputOf(result)).toEqual([1, 2].map((item) => [item, 'a', [1], 'eA==', '78', 2024]));
  expect(result.logs.map(({ text }) => text)).toEqual(['1', '2']);
  expect(await sandbox.runCode(job('return 1;\nnull.x; (', {}))).toMatchObject({ fault: { code: 'code.syntax' } });
  expect(await sandbox.runCode(job('const a = 1;\nnull.x'))).toMatchObject({ fault: { line: 2, column: 6 } });
  await rm(folder, { recursive: true });
});
