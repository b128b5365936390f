import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** A line for each failed test of a vitest report: file, name, the first line of why. A file that does not load is one. */
export function projectFailures(project, files, root) {
  return files
    .filter((file) => file.status === 'failed')
    .flatMap((file) => {
      const place = path.relative(root, file.name);
      const failed = file.assertionResults.filter((test) => test.status === 'failed');
      if (file.assertionResults.length === 0) return [line(project, place, 'the file does not load', file.message)];
      return failed.map((test) => line(project, place, test.fullName, test.failureMessages?.[0]));
    });
}

/** The same of a playwright report. */
export function browserFailures(suites) {
  return specsOf(suites)
    .filter((spec) => !spec.ok)
    .map((spec) => line('e2e', `${spec.file}:${spec.line}`, spec.title, firstError(spec)));
}

/** The journeys with their seconds, the slowest first. */
export function slowest(suites) {
  return specsOf(suites)
    .map((spec) => ({
      name: `${spec.file}:${spec.line}`,
      ms: spec.tests.flatMap(({ results }) => results).reduce((sum, { duration }) => sum + duration, 0),
    }))
    .toSorted((one, other) => other.ms - one.ms)
    .map(({ name, ms }) => `${name} ${(ms / 1_000).toFixed(0)} s`);
}

/** Suites nest. */
function specsOf(suites = []) {
  return suites.flatMap((suite) => [...(suite.specs ?? []), ...specsOf(suite.suites)]);
}

/** What failed first, and in which line: a journey is long. */
function firstError({ tests = [] }) {
  const [error] = tests.flatMap(({ results = [] }) => results.flatMap(({ errors = [] }) => errors));
  return error && `${error.message}${error.location ? `\nLine: ${error.location.line}` : ''}`;
}

/** What a browser's report tells besides its first line. */
const telling = /^(Locator|Expected|Received|Line)\b.*:/;

function line(project, place, name, message = '') {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const why = lines.filter((text, index) => index === 0 || (project === 'e2e' && telling.test(text))).join(', ');
  return `FAILED ${project} ${place} > ${name}${why === '' ? '' : `: ${why.slice(0, 300)}`}`;
}
