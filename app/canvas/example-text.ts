import { isJsonText } from '../../flow/document/json.ts';

/**
 * The params of an example as people read them: a line each, and a text of several lines as it is, not escaped. A text that would be read as something
 * else without its quotes (empty, `1`, `true`, `[]`, with space around it) keeps them.
 */
export function exampleText(value: unknown, indent = ''): string {
  if (typeof value === 'string')
    return value.includes('\n') ? `\n${indented(value.trimEnd(), indent)}` : plainly(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return Array.isArray(value) ? '[]' : '{}';
  const lines = entries.map(([name, one]) => {
    const text = exampleText(one, `${indent}  `);
    const lead = `${indent}${Array.isArray(value) ? '-' : `${name}:`}`;
    return text.startsWith('\n') ? lead + text : `${lead} ${text}`;
  });
  return `\n${lines.join('\n')}`;
}

const plainly = (text: string): string =>
  text === '' || text !== text.trim() || isJsonText(text) ? JSON.stringify(text) : text;

const indented = (text: string, indent: string): string => text.replaceAll(/^(?=.)/gm, indent);
