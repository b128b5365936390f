import { mkdtempSync, readFileSync, readdirSync, existsSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { runOn } from './child.js';
import { endWith, environment } from './on-node.js';
import { browserFailures, projectFailures, slowest } from './failed-tests.js';
import { nodeFlags, prepare, root } from './preflight.js';

// npm test [-- PROJECT…]: everything, some projects after the others; at the end the tests that failed, and as the very last line
// `N passed, N failed, N skipped`.

/** Those of a group share its workers: the last file of one waits for none of another. */
const groups = [['unit', 'nodes', 'app'], ['server'], ['sandbox', 'faults', 'examples']];
const projects = groups.flat();

await endWith(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => name !== 'e2e' && !projects.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no project ${unknown.join(', ')}: choose from ${projects.join(', ')}, e2e.`);
  const node = await prepare();
  const shelf = mkdtempSync(path.join(tmpdir(), 'heddle-results-'));
  const total = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  try {
    const isAsked = (name) => asked.length === 0 || asked.includes(name);
    for (const names of [...groups, ['e2e']].map((group) => group.filter(isAsked))) {
      if (names.length === 0) continue;
      const counts = names[0] === 'e2e' ? await runBrowser(node, shelf) : await runProjects(node, shelf, names);
      for (const kind of Object.keys(total)) total[kind] += counts[kind];
      failures.push(...counts.failures);
    }
  } finally {
    rmSync(shelf, { recursive: true, force: true });
  }
  for (const line of failures) console.log(line);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
});

async function runProjects(node, shelf, names) {
  const name = names.join('+');
  const report = path.join(shelf, `${name}.json`);
  const args = [
    'run',
    ...names.flatMap((one) => ['--project', one]),
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    // Left to itself Vitest keeps a processor free, of two one. Tests of the server wait for Postgres and for processes a third of their time.
    `--maxWorkers=${Math.min(4, availableParallelism()) + (names.includes('server') ? 1 : 0)}`,
  ];
  const code = await runOn(node, [...nodeFlags, path.join(root, 'node_modules/vitest/vitest.mjs'), ...args], options());
  return settle(
    name,
    code,
    report,
    ({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) => ({
      failures: projectFailures(name, testResults, root),
      passed: numPassedTests,
      // A file that does not load has no tests to fail: it counts as one.
      failed:
        numFailedTests +
        testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length,
      skipped: numPendingTests + numTodoTests,
    }),
  );
}

async function runBrowser(node, shelf) {
  const folder = path.join(root, 'e2e');
  const journeys = existsSync(folder)
    ? readdirSync(folder, { recursive: true }).filter((file) => /\.(e2e|spec|test)\.ts$/.test(String(file)))
    : [];
  if (journeys.length === 0) return { passed: 0, failed: 0, skipped: 0, failures: [] };
  const report = path.join(shelf, 'e2e.json');
  const args = ['test', '--reporter=line,json'];
  const env = { ...environment(), PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  const code = await runOn(node, [path.join(root, 'node_modules/@playwright/test/cli.js'), ...args], {
    ...options(),
    env,
  });
  return settle('e2e', code, report, ({ stats, suites }) => {
    console.log(`The slowest journeys: ${slowest(suites).slice(0, 12).join(', ')}`);
    return {
      failures: browserFailures(suites),
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected,
      skipped: stats.skipped,
    };
  });
}

function options() {
  return { cwd: root, env: environment() };
}

/** A run that says "all well" by its report and "not well" by its exit code (an error outside any test, a crash) has failed once. */
function settle(name, code, report, count) {
  if (!existsSync(report)) {
    const failures = code === 0 ? [] : [`FAILED ${name}: ended with ${code} before it could report`];
    return { passed: 0, failed: failures.length, skipped: 0, failures };
  }
  const counts = count(JSON.parse(readFileSync(report, 'utf8')));
  if (counts.failed > 0 || code === 0) return counts;
  return { ...counts, failed: 1, failures: [`FAILED ${name}: every test passed, and yet it ended with ${code}`] };
}
