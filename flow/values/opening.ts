/**
 * How a value's JSON begins: all of it when it has at most so many characters, else that many and at least one more. A fault shows no more, and
 * printing all of a large value for it would take longer than what failed.
 */
export function opening(value: unknown, most: number): string {
  let text = '';
  const isFull = () => text.length > most;
  const write = (part: unknown): void => {
    if (isFull()) return;
    if (typeof part === 'string') text += JSON.stringify(part.length > most ? part.slice(0, most + 1) : part);
    else if (Array.isArray(part)) writeList(part);
    else if (isPlain(part)) writeFields(part);
    else text += JSON.stringify(part) ?? 'null';
  };
  const writeList = (list: readonly unknown[]) => {
    text += '[';
    for (let at = 0; at < list.length && !isFull(); at++) {
      if (at > 0) text += ',';
      write(list[at]);
    }
    text += ']';
  };
  const writeFields = (fields: Readonly<Record<string, unknown>>) => {
    text += '{';
    let isFirst = true;
    for (const name in fields) {
      if (isFull()) break;
      const part = fields[name];
      if (part === undefined || typeof part === 'function' || typeof part === 'symbol') continue;
      if (!isFirst) text += ',';
      isFirst = false;
      write(name);
      text += ':';
      write(part);
    }
    text += '}';
  };
  write(value);
  return text;
}

/** What has JSON of its own, such as a date, is left to the host. */
const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !('toJSON' in value);
