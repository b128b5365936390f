import { readFile, stat } from 'node:fs/promises';

const looksMs = 5_000;

/** A file of the machine as `parse` reads it; one that is not there has nothing in it. It is looked at each 5 s, and read when it has changed. */
export function watchedFile<Read>(file: string, parse: (text: string) => Read, now: () => number): () => Promise<Read> {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let mark = '';
  let reading = (async (): Promise<Read> => parse(''))();
  const read = async (known: Promise<Read>) => {
    const found = await stat(file).catch(() => undefined);
    const seen = found ? `${found.mtimeMs} ${found.size}` : '';
    if (seen === mark) return known;
    mark = seen;
    return parse(found ? await readFile(file, 'utf8').catch(() => '') : '');
  };
  return () => {
    if (now() - lookedAt >= looksMs) {
      lookedAt = now();
      reading = read(reading);
    }
    return reading;
  };
}
