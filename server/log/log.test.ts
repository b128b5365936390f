import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openLog, type Log } from './log.ts';

/** What a log wrote, line by line. */
function recorded(): { log: Log; text: () => string; lines: () => Record<string, unknown>[] } {
  let text = '';
  const log = openLog({ level: 'trace', stream: { write: (line) => void (text += line) } });
  return {
    log,
    text: () => text,
    lines: () =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

test('a line is JSON with time, level, bound run, fields and message', () => {
  const { log, lines } = recorded();
  log.child({ run: 'run_1' }).child({ stage: 's2' }).warn({ items: 12, tokens: 7 }, 'The %s waits.', 'stage');
  expect(lines()).toEqual([
    {
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      run: 'run_1',
      stage: 's2',
      items: 12,
      tokens: 7,
      msg: 'The stage waits.',
    },
  ]);
});

test('below its level a log writes nothing', () => {
  let text = '';
  openLog({ level: 'error', stream: { write: (line) => void (text += line) } }).warn('quiet');
  expect(text).toBe('');
});

const canary = 'CANARY_7f3a';

test.each([
  { authorization: canary },
  { headers: { Authorization: `Bearer ${canary}`, 'Set-Cookie': [canary] } },
  { a: { b: { c: { PASSWORD: canary } } } },
  { apiKey: canary },
  { api_key: canary },
  { 'x-api-key': canary },
  { clientSecret: { deep: canary } },
  { accessToken: canary },
  { DATABASE_URL: canary },
  { HEDDLE_MASTER_KEY: canary },
  { url: `postgres://heddle:${canary}@db:5432/x` },
  { url: new URL(`https://u:${canary}@a.test/`) },
  { note: `sent Authorization: Bearer ${canary}` },
  { url: `https://a.test/?x=1&access_token=${canary}#y` },
  { payload: { card: canary } },
  { input: [canary] },
  { job: { id: '1', task_identifier: 'sweep', payload: { a: canary } } },
  { err: Object.assign(new Error('duplicate key'), { detail: `Key (email)=(${canary})`, job: { payload: canary } }) },
  { error: new Error('outer', { cause: new Error(`postgres://a:${canary}@b/c`) }) },
  { list: [{ token: canary }] },
  { bytes: Buffer.from(canary) },
  { rows: new Map([[canary, canary]]) },
])('%j keeps its secret', (fields) => {
  const { log, text } = recorded();
  log.info(fields, 'said');
  log.child(fields).info('said');
  log.info(`said with ${'url' in fields ? String(fields.url) : ''}`);
  expect(text()).toContain('said');
  expect(text()).not.toContain(canary);
});

test('a job is named, never shown; an error keeps what finds it', () => {
  const { log, lines } = recorded();
  log.error({
    job: { id: '7', task_identifier: 'stage.realtime', attempts: 2, payload: {} },
    error: Object.assign(new TypeError('no'), { code: 'E1' }),
  });
  log.error(new Error('alone'));
  expect(lines()[0]).toMatchObject({
    job: { id: '7', task_identifier: 'stage.realtime', attempts: 2 },
    error: { type: 'TypeError', message: 'no', code: 'E1', stack: expect.stringContaining('log.test') },
  });
  expect(lines()[1]).toMatchObject({ msg: 'alone', err: { type: 'Error', message: 'alone' } });
});

test('whatever is logged is one line of plain JSON without control characters', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.anything({ withDate: true, withMap: true, withBigInt: true, withSparseArray: true, withTypedArray: true }),
      (said, value) => {
        const { log, text, lines } = recorded();
        log.child({ run: said }).info({ value, text: said, [`key ${said}`]: 1 }, said.replaceAll('%', ''));
        expect(text().match(/\n/g)).toHaveLength(1);
        expect(text().slice(0, -1)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
        expect(lines()[0]).toMatchObject({ text: said.toWellFormed() });
      },
    ),
  );
});

test('round, wide, deep, huge and hostile values are bounded', () => {
  const { log, text } = recorded();
  const round: Record<string, unknown> = {};
  for (let i = 0; i < 60; i++) round[`k${i}`] = round;
  const hostile = {
    get trap() {
      throw new Error('trapped');
    },
    toJSON() {
      throw new Error('trapped');
    },
  };
  const wide = Array.from({ length: 100_000 }, () => Array.from({ length: 100 }, () => 'x'));
  log.info({ round, hostile, wide, huge: 'x'.repeat(1_000_000) }, 'y'.repeat(1_000_000));
  expect(text().length).toBeLessThan(64_000);
  expect(() => JSON.parse(text())).not.toThrow();
});
