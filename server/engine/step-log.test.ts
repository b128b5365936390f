import { expect, test } from 'vitest';
import type { LogLine } from '../../flow/facts/fact.ts';
import { addLogLine, stepLogLimits } from './step-log.ts';

const logged = (count: number, text: string): LogLine[] => {
  const logs: LogLine[] = [];
  for (let n = 0; n < count; n++) addLogLine(logs, { level: 'info', text, data: { n } });
  return logs;
};

test('a step keeps its lines while there is room, then says once that there was more', () => {
  expect(logged(500, 'short')).toHaveLength(500);
  const many = logged(5_000, 'short');
  expect(many).toHaveLength(501);
  expect(many.at(-1)?.text).toContain('not kept');
  const long = logged(100, 'x'.repeat(10_000));
  expect(long.map(({ level }) => level)).toEqual([...Array.from({ length: 6 }, () => 'info'), 'warn']);
  expect(JSON.stringify(long).length).toBeLessThan(stepLogLimits.characters + 1_000);
  expect(logged(3, 'x'.repeat(100_000)).map(({ level }) => level)).toEqual(['warn']);
});
