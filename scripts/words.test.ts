import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { describe, expect, test } from 'vitest';

/**
 * Words that a stranger stops at. What people read says the field's word instead; codes, types, ports, flags and keys of the API
 * and of documents keep theirs, and so do comments.
 */
const strange: readonly (readonly [RegExp, string])[] = [
  [/\bfar side\b/i, 'the service'],
  [/\bcarr(?:y|ied|ies|ying) (?:\w+ )?out\b/i, 'run, executed'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bhonours\b/i, 'supports'],
  [/\bleft out\b/i, 'Default: …'],
  [/^Take .* out\b/, 'Remove …'],
  [/on our side|\bour fault\b/i, 'Something went wrong in Heddle. Reference: …'],
  [/Who may call|Same call|Bit by bit|Take the answer as|Give up after/, 'Authentication, Deduplicate by, …'],
  [/When it may have happened/, 'If the result is unknown'],
  [/Next fire|fires were missed/, 'Next run, Missed runs'],
  [/Whole, under new keys/, 'Run again from the start'],
  [/Went well|Last word|What was heard/, 'Success rate, Result, Response'],
  [/\bAll hold\b|\bAny holds?\b|Loose types/, 'Match all, Match any, Convert types'],
  [/Give it a value|has not the right form/, 'Enter a path.'],
  [/in the way stands/, '1 problem to fix before it can run'],
  [/laid over theirs/, 'Merged with changes from another tab'],
  [/^Make it$|^Make a key$|^In addresses$/, 'Create, Name in URLs'],
  [/Keep as it is|Make it\b|Nobody waits/, 'Cancel, Create, Nothing to review'],
  [/\b[Cc]redentials? (?:is|are|was|may|has|that|of)\b|\bNew credential\b/, 'Connections'],
  [/Ask a person$/, 'Ask for approval'],
];

/** Texts that may hold such words, with the reason. */
const allowed: readonly (readonly [RegExp, string])[] = [
  [/^\S+$/, 'one word is a key, a code or a name in code'],
  [
    /^carrying (?:it )?out(?: failed)?$|^nothing is left to carry out$|^\[left out\]$/,
    'lines and marks of the server’s log',
  ],
  [/^our fault$/, 'the title of a line in the server’s log, which its operator reads beside the stack'],
];

const root = path.resolve(import.meta.dirname, '..');
/** The files of a room that are part of the project. */
const tracked = (room: string): string[] =>
  execFileSync('git', ['ls-files', room], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const found = (text: string): string[] =>
  allowed.some(([form]) => form.test(text))
    ? []
    : strange.filter(([word]) => word.test(text)).map(([, instead]) => `${text.slice(0, 160)} → ${instead}`);

/** What a file may show to somebody: its strings, templates and the text between tags. */
function textsOf(file: string): string[] {
  const texts: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== 'object' || node === null || !('type' in node)) return;
    const { type } = node;
    if (type === 'ImportDeclaration') return;
    if ((type === 'Literal' || type === 'JSXText') && 'value' in node && typeof node.value === 'string')
      texts.push(node.value);
    if (type === 'TemplateElement' && 'value' in node) texts.push((node.value as { cooked?: string }).cooked ?? '');
    Object.values(node).forEach(visit);
  };
  visit(parseAst(read(file), { lang: file.endsWith('x') ? 'tsx' : 'ts' }));
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

const isTest = (file: string): boolean => /\.test\.|\/testing\/|\.d\.ts$/.test(file);

describe.each(['app', 'flow', 'nodes', 'server', 'scripts'])('what people read of %s', (room) => {
  test('uses words that they know', () => {
    const files = tracked(room).filter((file) => /\.tsx?$/.test(file) && !isTest(file));
    expect(files.length).toBeGreaterThan(5);
    const wrong = files.flatMap((file) =>
      textsOf(file)
        .flatMap(found)
        .map((one) => `${file}: ${one}`),
    );
    expect(wrong).toEqual([]);
  });
});

test.each(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/nodes.md'])(
  '%s uses words that people know',
  (file) => {
    // What stands in code marks is a name: a flag, a field, a file.
    const lines = read(file)
      .replaceAll(/```[^]*?```/g, '')
      .replaceAll(/`[^`\n]*`/g, '')
      .split('\n');
    expect(lines.flatMap((line) => found(line.trim()))).toEqual([]);
  },
);

test('the workflows that are shipped use words that people know', () => {
  const files = tracked('workflows-examples').filter((file) => file.endsWith('.json'));
  const texts = files.flatMap((file) => [...read(file).matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text ?? ''));
  expect(texts.flatMap(found)).toEqual([]);
});
