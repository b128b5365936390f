import { expect, test } from 'vitest';
import { browserFailures, projectFailures, slowest } from './failed-tests.js';

test('each failed test is a line: file, name, the first line of why; a file that does not load is one too', () => {
  const files = [
    { name: '/r/a.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'well' }] },
    {
      name: '/r/b/b.test.ts',
      status: 'failed',
      assertionResults: [
        { status: 'passed', fullName: 'well' },
        {
          status: 'failed',
          fullName: 'adds up',
          failureMessages: ['\u001b[31mAssertionError: 1 is not 2\u001b[39m\n  at b.ts'],
        },
      ],
    },
    { name: '/r/c.test.ts', status: 'failed', assertionResults: [], message: '\nCannot find module' },
  ];
  expect(projectFailures('unit', files, '/r')).toEqual([
    'FAILED unit b/b.test.ts > adds up: AssertionError: 1 is not 2',
    'FAILED unit c.test.ts > the file does not load: Cannot find module',
  ]);
});

test('journeys are found however deep their suites nest', () => {
  const bad = {
    ok: false,
    file: 'x.e2e.ts',
    line: 7,
    title: 'draws',
    tests: [{ results: [{ errors: [{ message: 'no canvas\n\n  Expected: "a"\n  at b', location: { line: 9 } }] }] }],
  };
  expect(browserFailures([{ specs: [{ ok: true }], suites: [{ specs: [bad] }] }])).toEqual([
    'FAILED e2e x.e2e.ts:7 > draws: no canvas, Expected: "a", Line: 9',
  ]);
});

test('the slowest journeys are told first, with all their tries', () => {
  const spec = (line: number, ...took: number[]) => ({
    file: 'x.e2e.ts',
    line,
    tests: [{ results: took.map((duration) => ({ duration })) }],
  });
  expect(slowest([{ specs: [spec(1, 2_000)], suites: [{ specs: [spec(9, 2_000, 3_400)] }] }])).toEqual([
    'x.e2e.ts:9 5 s',
    'x.e2e.ts:1 2 s',
  ]);
});
