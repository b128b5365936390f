import { isObject } from '../../flow/document/json.ts';

/** How two JSON values differ, one line a difference, by path: `[0].total: expected 12, got 10`. Order of keys does not count. */
export function differences(expected: unknown, got: unknown, path = 'output'): string[] {
  if (Object.is(expected, got)) return [];
  if (Array.isArray(expected) && Array.isArray(got)) return listDifferences(expected, got, path);
  if (isObject(expected) && isObject(got)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
    return [...keys].flatMap((key) => differences(expected[key], got[key], `${path}.${key}`));
  }
  if (expected === undefined) return [`${path}: expected nothing, got ${show(got)}`];
  if (got === undefined) return [`${path}: expected ${show(expected)}, got nothing`];
  return [`${path}: expected ${show(expected)}, got ${show(got)}`];
}

function listDifferences(expected: readonly unknown[], got: readonly unknown[], path: string): string[] {
  const lines = expected.length === got.length ? [] : [`${path}: expected ${expected.length} items, got ${got.length}`];
  const length = Math.max(expected.length, got.length);
  return [
    ...lines,
    ...Array.from({ length }, (_, index) => differences(expected[index], got[index], `${path}[${index}]`)).flat(),
  ];
}

const show = (value: unknown) => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};
