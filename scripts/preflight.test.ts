import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holesIn } from './check-lock.js';
import { lacksPackages } from './preflight.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'heddle-preflight-'));
  mkdirSync(path.join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = {
  '': { version: '0.1.0' },
  'node_modules/plain': { version: '1.0.0' },
  'node_modules/other-system': { version: '1.0.0', optional: true },
  'node_modules/tool': { version: '1.0.0', dev: true },
};

test.for<[string, object | undefined, boolean]>([
  ['nothing installed', undefined, true],
  ['all of it', lock, false],
  ['without the packages of other systems', { ...lock, 'node_modules/other-system': undefined }, false],
  ['without development packages', { ...lock, 'node_modules/tool': undefined }, false],
  ['without a package', { ...lock, 'node_modules/plain': undefined }, true],
  ['another version', { ...lock, 'node_modules/plain': { version: '0.9.0' } }, true],
  ['another version of a tool', { ...lock, 'node_modules/tool': { version: '0.9.0' } }, true],
])('%s: whether it installs', ([, installed, lacks]) => {
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ packages: lock }));
  if (installed)
    writeFileSync(path.join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  expect(lacksPackages(folder)).toBe(lacks);
});

test('a lock that forgot one platform of a nested dependency is found out', () => {
  const packages = {
    '': { optionalDependencies: { here: '1' } },
    'node_modules/here': {},
    'node_modules/tool': { optionalDependencies: { near: '1', shared: '1', gone: '1' } },
    'node_modules/tool/node_modules/near': {},
    'node_modules/shared': {},
  };
  expect(holesIn({ packages })).toEqual(['gone, optional for node_modules/tool, is missing from package-lock.json.']);
});
