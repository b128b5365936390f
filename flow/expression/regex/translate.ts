import { Halt } from '../faults.ts';

/** What stands where while a pattern is read. */
type Reader = { readonly source: string; readonly unicode: boolean; readonly dotAll: boolean; at: number };

/**
 * A JavaScript pattern in the syntax of RE2. Throws a `Halt` for lookarounds and back-references, which cannot run in
 * linear time. `\s` and `.` keep JavaScript's meaning; `\w`, `\d` and `\b` mean the same in both.
 */
export function translate(source: string, flags: string): string {
  const reader: Reader = { source, unicode: /[uv]/.test(flags), dotAll: flags.includes('s'), at: 0 };
  let out = '';
  while (reader.at < source.length) out += piece(reader);
  return out;
}

function piece(reader: Reader): string {
  const c = next(reader);
  if (c === '\\') return escape(reader, false);
  if (c === '[') return charClass(reader);
  if (c === '(') return group(reader);
  if (c === '.') return reader.dotAll ? '(?s:.)' : '[^\\n\\r\\x{2028}\\x{2029}]';
  return c;
}

/** The next character, whole even when it takes two UTF-16 units. */
function next(reader: Reader): string {
  const c = String.fromCodePoint(reader.source.codePointAt(reader.at) ?? 0);
  reader.at += c.length;
  return c;
}

/** Takes what a sticky regex matches at the reader's place. */
function take(reader: Reader, regex: RegExp): RegExpExecArray | null {
  regex.lastIndex = reader.at;
  const found = regex.exec(reader.source);
  if (found) reader.at += found[0].length;
  return found;
}

function group(reader: Reader): string {
  if (take(reader, /\?<?[=!]/y)) throw notLinear('A lookaround');
  const named = take(reader, /\?<([^>]*)>/y);
  return named ? `(?P<${named[1]}>` : '(';
}

/** A fault for what RE2 leaves out, so that no expression can be made to run for ever. */
const notLinear = (what: string): Halt =>
  new Halt(
    'expression.regex',
    `${what} cannot be used in a regular expression here.`,
    'Match more and cut with a group or slice(), or use a code node, which runs every JavaScript pattern.',
  );

const spaces =
  '\\t\\n\\x{b}\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';

const literal = (c: string): string => (/[\w]/.test(c) || c > '\x7f' ? c : `\\${c}`);

const hex = (code: number): string => `\\x{${code.toString(16)}}`;

function escape(reader: Reader, inClass: boolean): string {
  const c = next(reader);
  if (c === 's') return inClass ? spaces : `[${spaces}]`;
  if (c === 'S') return inClass ? '\\S' : `[^${spaces}]`;
  if (c === 'v') return '\\x{b}';
  if ('dDwWtnrf'.includes(c)) return `\\${c}`;
  if (c === 'b') return inClass ? '\\x{8}' : '\\b';
  if (c === 'B') return '\\B';
  if (c === 'p' || c === 'P') return property(reader, c);
  if (/[1-9]/.test(c) && !inClass) throw notLinear('A back-reference');
  if (c === 'k' && (reader.unicode || /\(\?<[^=!]/.test(reader.source))) throw notLinear('A back-reference');
  return character(reader, c);
}

function character(reader: Reader, c: string): string {
  if (c === '0') return '\\x{0}';
  if (c === 'c') {
    const control = take(reader, /[A-Za-z]/y);
    return control ? hex(control[0].charCodeAt(0) % 32) : '\\\\c';
  }
  if (c === 'x') {
    const code = take(reader, /[0-9a-fA-F]{2}/y);
    return code ? hex(Number.parseInt(code[0], 16)) : 'x';
  }
  if (c === 'u') return unicodeEscape(reader);
  return literal(c);
}

function unicodeEscape(reader: Reader): string {
  const pair = take(reader, /([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/y);
  if (pair) {
    const text = String.fromCharCode(Number.parseInt(pair[1] ?? '', 16), Number.parseInt(pair[2] ?? '', 16));
    return hex(text.codePointAt(0) ?? 0);
  }
  const short = take(reader, /[0-9a-fA-F]{4}/y);
  if (short) return hex(Number.parseInt(short[0], 16));
  const long = reader.unicode ? take(reader, /\{([0-9a-fA-F]{1,6})\}/y) : null;
  return long ? hex(Number.parseInt(long[1] ?? '', 16)) : 'u';
}

const propertyNames: Readonly<Record<string, string>> = {
  Letter: 'L',
  Uppercase_Letter: 'Lu',
  Lowercase_Letter: 'Ll',
  Mark: 'M',
  Number: 'N',
  Decimal_Number: 'Nd',
  Punctuation: 'P',
  Symbol: 'S',
  Separator: 'Z',
  Space_Separator: 'Zs',
  Other: 'C',
};

function property(reader: Reader, c: string): string {
  if (!reader.unicode) return c;
  const found = take(reader, /\{(?:(?:Script|sc|Script_Extensions|scx|General_Category|gc)=)?(\w+)\}/y);
  if (!found) return c;
  const name = found[1] ?? '';
  return `\\${c}{${Object.hasOwn(propertyNames, name) ? propertyNames[name] : name}}`;
}

function charClass(reader: Reader): string {
  const negated = take(reader, /\^/y) !== null;
  if (take(reader, /\]/y)) return negated ? '(?s:.)' : '[^\\x{0}-\\x{10ffff}]';
  let body = '';
  while (reader.at < reader.source.length) {
    const c = next(reader);
    if (c === ']') break;
    body += c === '\\' ? classEscape(reader) : c === '-' ? dash(reader, body) : classCharacter(c);
  }
  return `[${negated ? '^' : ''}${body}]`;
}

const classCharacter = (c: string): string => (c === '[' || c === '&' || c === '^' ? `\\${c}` : c);

/** A set such as `\w` cannot end a range: the dash after it is a dash. */
function classEscape(reader: Reader): string {
  const isSet = /[dDwWsSpP]/.test(reader.source[reader.at] ?? '');
  const made = escape(reader, true);
  return isSet && take(reader, /-(?!\])/y) ? `${made}\\-` : made;
}

function dash(reader: Reader, body: string): string {
  const follows = reader.source.slice(reader.at, reader.at + 2);
  return body === '' || follows.startsWith(']') || /^\\[dDwWsSpP]/.test(follows) ? '\\-' : '-';
}
