import path from 'node:path';
import * as z from 'zod';
import { packageRoot } from '../../server/root.ts';
import type { Report } from '../drills/report.ts';
import { runTests } from '../drills/run-tests.ts';

/** Laws that hold of pieces, each with the tests that hold it. */
const tests: Readonly<Record<string, readonly string[]>> = {
  'every parser before a caller is known is linear in bytes': ['server/http/body/linear.test.ts'],
  'streams are counted before they cost anything, and slow readers are let go': ['server/http/streams.test.ts'],
  'a workflow that calls itself in each run is told so': ['flow/check/recursion.test.ts'],
};

const Results = z.object({
  testResults: z.array(z.object({ name: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

/** Runs the tests of all laws that tests hold, at once: a law's figure is how many of its tests passed. */
export async function heldByTests(): Promise<Report> {
  const files = [...new Set(Object.values(tests).flat())];
  const { testResults } = Results.parse(JSON.parse(await runTests(files)));
  const ofFile = new Map(testResults.map((one) => [path.relative(packageRoot, one.name), one.assertionResults]));
  const laws = Object.entries(tests).map(([name, places]) => {
    const all = places.flatMap((place) => ofFile.get(place) ?? [{ status: `${place} did not run` }]);
    const passed = all.filter(({ status }) => status === 'passed').length;
    return { name, is: passed, least: Math.max(1, all.length), unit: 'tests passed' };
  });
  return { figures: { files: files.length }, broken: [], laws };
}
