import { expect, test } from 'vitest';
import { Fault } from '../../flow/facts/faults.ts';
import { faultRecordOf } from './fault-record.ts';

test('a message of 15 MB stood in the row of its run, and a list of fifty runs read all of them: how it begins is kept', () => {
  const long = 'x'.repeat(15_000_000);
  const record = faultRecordOf(new Fault('stop.author', long, { mend: long, details: { body: long } }), { node: 'n' });
  expect(JSON.stringify(record).length).toBeLessThan(20_000);
  expect(record).toMatchObject({ code: 'stop.author', message: expect.stringMatching(/^x{8000}…$/), node: 'n' });
  expect(JSON.stringify(faultRecordOf(new Error(long), { node: 'n' })).length).toBeLessThan(10_000);
  expect(JSON.stringify(faultRecordOf(long, { node: 'n' })).length).toBeLessThan(10_000);
});

test('what is short is kept whole', () => {
  const details = { status: 404, body: 'x'.repeat(2_000) };
  expect(
    faultRecordOf(new Fault('http.status', 'GET answered 404.', { mend: 'Look.', details }), { node: 'n' }),
  ).toEqual({ code: 'http.status', message: 'GET answered 404.', mend: 'Look.', details, node: 'n' });
});
