import path from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import { packageRoot } from './root.ts';

test('with nothing set it serves on 4000 from the package, on its own Postgres', () => {
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 4000,
    url: 'http://localhost:4000',
    keepRuns: 30,
    home: path.join(packageRoot, '.heddle'),
    databaseUrl: undefined,
    slots: 64,
    workers: 8,
    workerPort: undefined,
    allowHosts: [],
    trustProxy: [],
    admin: undefined,
    masterKey: undefined,
    logLevel: 'info',
    heartbeat: 5_000,
    lease: 20_000,
    sweep: 5_000,
  });
});

test('flags win over the environment, and an empty variable is no setting', () => {
  const config = readConfig({ PORT: '5000', HEDDLE_SLOTS: '', DATABASE_URL: '' }, { PORT: '6000' });
  expect([config.port, config.slots, config.databaseUrl]).toEqual([6000, 64, undefined]);
});

test('slots may be 0, hosts are pairs, seconds may be parts', () => {
  const config = readConfig({
    HEDDLE_SLOTS: '0',
    HEDDLE_ALLOW_HOSTS: '127.0.0.1:4801, [::1]:80,',
    HEDDLE_HEARTBEAT: '0.5',
    HEDDLE_LEASE: '2',
    HEDDLE_URL: 'https://flow.example.com/',
  });
  expect(config).toMatchObject({ slots: 0, allowHosts: ['127.0.0.1:4801', '[::1]:80'], heartbeat: 500, lease: 2_000 });
  expect(config.url).toBe('https://flow.example.com');
});

test.for([
  [{ PORT: 'web' }, 'PORT must be a number.'],
  [{ PORT: '70000' }, 'PORT must be below 65536.'],
  [{ HEDDLE_SLOTS: '-1' }, 'HEDDLE_SLOTS must be 0 or more.'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must start with postgres://.'],
  [
    { HEDDLE_ALLOW_HOSTS: 'http://x' },
    'HEDDLE_ALLOW_HOSTS must be host:port pairs with commas between them, such as 127.0.0.1:4801.',
  ],
  [{ HEDDLE_LOG_LEVEL: 'loud' }, 'HEDDLE_LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent.'],
  [
    { HEDDLE_LEASE: '6' },
    'HEDDLE_LEASE must be at least twice HEDDLE_HEARTBEAT: one late beat would lose every claim.',
  ],
  [
    { HEDDLE_ADMIN_EMAIL: 'a@b.example' },
    'HEDDLE_ADMIN_EMAIL and HEDDLE_ADMIN_PASSWORD belong together: one of them is missing.',
  ],
] as const)('%j is refused with a sentence', ([env, sentence]) => {
  expect(() => readConfig(env)).toThrow(new ConfigError(sentence));
});
