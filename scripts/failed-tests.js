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

/** The same of a playwright report, whose suites nest. */
export function browserFailures(suites = []) {
  return suites.flatMap((suite) => [
    ...(suite.specs ?? [])
      .filter((spec) => !spec.ok)
      .map((spec) => line('e2e', `${spec.file}:${spec.line}`, spec.title, firstError(spec))),
    ...browserFailures(suite.suites),
  ]);
}

const firstError = ({ tests = [] }) =>
  tests.flatMap(({ results = [] }) => results.flatMap(({ errors = [] }) => errors)).map(({ message }) => message)[0];

function line(project, place, name, message = '') {
  const why = stripVTControlCharacters(message)
    .split('\n')
    .map((text) => text.trim())
    .find((text) => text !== '');
  return `FAILED ${project} ${place} > ${name}${why === undefined ? '' : `: ${why.slice(0, 300)}`}`;
}
