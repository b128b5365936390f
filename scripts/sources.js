import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './preflight.js';

const leftOut = /(\.test\.ts|\.fixture\.ts|\.md)$|^testing(-setup)?\.ts$/;

/** What goes into each half of the build. */
export const halves = {
  server: { from: ['flow', 'nodes', 'server'], to: 'dist/server' },
  web: {
    from: ['app', 'flow', 'public', 'vite.config.ts', 'scripts/list-examples.ts', 'workflows-examples', 'server'],
    to: 'dist/web',
  },
};

/** Whether a half was built from exactly the sources that lie here now: by size and time of each file, else by what is in them. */
export function isFresh(half) {
  const stamp = stampFile(half);
  if (!existsSync(stamp)) return false;
  const built = JSON.parse(readFileSync(stamp, 'utf8'));
  const files = sourcesOf(half);
  return built.times === hashTimes(files) || built.contents === hashContents(files);
}

/** Taken before a build begins: what changes while it runs must count as changed. */
export function takeStamp(half) {
  const files = sourcesOf(half);
  return { times: hashTimes(files), contents: hashContents(files) };
}

/** Notes beside the output what it was built from. */
export function writeStamp(half, stamp, folder = path.join(root, halves[half].to)) {
  writeFileSync(path.join(folder, 'built-from.json'), JSON.stringify(stamp));
}

const stampFile = (half) => path.join(root, halves[half].to, 'built-from.json');

function sourcesOf(half) {
  const files = [...halves[half].from, 'package-lock.json', 'scripts/build.js', 'scripts/mend-postgres.js'].map(
    (name) => path.join(root, name),
  );
  return files.filter(existsSync).flatMap(filesBelow).sort();
}

function filesBelow(file) {
  if (!statSync(file).isDirectory()) return [file];
  return readdirSync(file)
    .filter((name) => !leftOut.test(name))
    .flatMap((name) => filesBelow(path.join(file, name)));
}

function hashTimes(files) {
  return hash(files, (file) => {
    const { size, mtimeMs } = statSync(file);
    return `${size} ${mtimeMs}`;
  });
}

const hashContents = (files) => hash(files, (file) => readFileSync(file));

function hash(files, describe) {
  const all = createHash('sha256');
  for (const file of files) all.update(`\n${path.relative(root, file)}\n`).update(describe(file));
  return all.digest('hex');
}
