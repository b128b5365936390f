import path from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import { usualFamily } from './engine/families.ts';
import { usualLimits } from './engine/run-limits.ts';
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
    waitingBytes: 256 * 1024 * 1024,
    backlog: 20_000,
    backlogBytes: 1024 ** 3,
    streams: 2_000,
    workspaces: 20,
    workspaceBytes: undefined,
    workers: 8,
    workerPort: undefined,
    allowHosts: [],
    trustProxy: [],
    admin: undefined,
    masterKey: undefined,
    runLimits: usualLimits,
    runFamily: usualFamily,
    computeMb: 512,
    webhookBytes: 16 * 1024 * 1024,
    downloadBytes: 64 * 1024 * 1024,
    shelf: undefined,
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
    HEDDLE_RUN_STEPS: '5',
    HEDDLE_RUN_JOURNAL: '2',
    HEDDLE_RUN_CODE: '1.5',
    HEDDLE_COMPUTE_MEMORY: '256',
    HEDDLE_WEBHOOK_SIZE: '2',
    HEDDLE_DOWNLOAD_SIZE: '100',
    HEDDLE_URL: 'https://flow.example.com/',
  });
  expect(config).toMatchObject({ slots: 0, allowHosts: ['127.0.0.1:4801', '[::1]:80'], heartbeat: 500, lease: 2_000 });
  expect(config.runLimits).toEqual({ steps: 5, journalBytes: 2 * 1024 * 1024, codeMs: 1_500 });
  expect(config.computeMb).toBe(256);
  expect([config.webhookBytes, config.downloadBytes]).toEqual([2 * 1024 * 1024, 100 * 1024 * 1024]);
  expect(config.url).toBe('https://flow.example.com');
});

test('webhooks may have an address of their own, which is another host', () => {
  const own = (hooks: string) =>
    readConfig({ HEDDLE_URL: 'https://flow.example.com', HEDDLE_HOOKS_URL: hooks }).hooksUrl;
  expect(own('https://hooks.example.com/')).toBe('https://hooks.example.com');
  expect(() => own('https://flow.example.com:8443')).toThrow('another host name');
  expect(() => own('https://hooks.example.com/a')).toThrow('without a path');
  expect(() => own('ftp://hooks.example.com')).toThrow('without a path');
});

test('large values stand in Postgres, in a folder or in a bucket', () => {
  expect(readConfig({ HEDDLE_BLOBS: '/srv/values' }).shelf).toEqual({ folder: '/srv/values' });
  expect(readConfig({ HEDDLE_BLOBS: 'values' }).shelf).toEqual({ folder: path.resolve('values') });
  const keys = { HEDDLE_S3_ACCESS_KEY: 'key', HEDDLE_S3_SECRET_KEY: 'secret' };
  expect(readConfig({ HEDDLE_BLOBS: 's3://my-bucket', ...keys }).shelf).toEqual({
    bucket: 'my-bucket',
    prefix: '',
    endpoint: 'https://s3.us-east-1.amazonaws.com',
    region: 'us-east-1',
    accessKey: 'key',
    secretKey: 'secret',
  });
  const own = { HEDDLE_S3_ENDPOINT: 'http://minio:9000/', HEDDLE_S3_REGION: 'here' };
  expect(readConfig({ HEDDLE_BLOBS: 's3://my-bucket/a/b/', ...keys, ...own }).shelf).toMatchObject({
    prefix: 'a/b',
    endpoint: 'http://minio:9000',
    region: 'here',
  });
});

test.for([
  [{ PORT: 'web' }, 'PORT must be a number.'],
  [{ PORT: '70000' }, 'PORT must be below 65536.'],
  [{ HEDDLE_COMPUTE_MEMORY: '16' }, 'HEDDLE_COMPUTE_MEMORY must be 64 or more.'],
  [{ HEDDLE_WEBHOOK_SIZE: '300' }, 'HEDDLE_WEBHOOK_SIZE must be 256 or less.'],
  [{ HEDDLE_SLOTS: '-1' }, 'HEDDLE_SLOTS must be 0 or more.'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must start with postgres://.'],
  [
    { HEDDLE_ALLOW_HOSTS: 'http://x' },
    'HEDDLE_ALLOW_HOSTS must be host:port pairs with commas between them, such as 127.0.0.1:4801.',
  ],
  [{ HEDDLE_BLOBS: 'ftp://x' }, 'HEDDLE_BLOBS must be a folder, or a bucket such as s3://my-bucket/heddle.'],
  [{ HEDDLE_BLOBS: 's3://bucket/../x' }, 'HEDDLE_BLOBS must be a folder, or a bucket such as s3://my-bucket/heddle.'],
  [
    { HEDDLE_BLOBS: 's3://bucket', HEDDLE_S3_ACCESS_KEY: 'key' },
    'HEDDLE_BLOBS names a bucket: HEDDLE_S3_ACCESS_KEY and HEDDLE_S3_SECRET_KEY must be set.',
  ],
  [
    { HEDDLE_S3_ENDPOINT: 'minio' },
    'HEDDLE_S3_ENDPOINT must be an address such as https://s3.eu-central-1.amazonaws.com.',
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
