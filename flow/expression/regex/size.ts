/** How many characters a pattern stands for once its repeats are written out, as RE2 writes them: a character of each becomes an instruction. */
export const writtenOut = (pattern: string): number => sum(pattern, true);

/** The same of code that may hold patterns, at most; of code without repeats no more than its length. */
export const writtenOutIn = (code: string): number =>
  repeat.test(code) ? Math.max(code.length, sum(code, false)) : code.length;

const repeat = /\{\d+,?\d*\}/;
const sticky = /\{(\d+)(,?)(\d*)\}/y;

/** In code brackets are no classes: what stands between them may be patterns. */
function sum(text: string, hasClasses: boolean): number {
  const around: number[] = [];
  let [all, last] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    const repeats = sign === '{' && last > 0 ? repeatAt(text, at) : undefined;
    if (sign === '(') {
      around.push(all);
      [all, last] = [0, 0];
    } else if (sign === ')') {
      last = all + 2;
      all = last + (around.pop() ?? 0);
    } else if (repeats) {
      all += last * (repeats.times - 1);
      last *= repeats.times;
      at = repeats.end;
    } else {
      all += 1;
      last = 1;
      if (sign === '\\') at = endOfEscape(text, at);
      else if (sign === '[' && hasClasses) at = endOfClass(text, at);
    }
  }
  return around.reduce((whole, before) => whole + before, all);
}

/** How often what stands before a repeat is written out, and the last character of the repeat. */
function repeatAt(text: string, at: number): { times: number; end: number } | undefined {
  sticky.lastIndex = at;
  const found = sticky.exec(text);
  if (!found) return undefined;
  const [whole, least = '', comma, most = ''] = found;
  const times = most === '' ? Number(least) + (comma === '' ? 0 : 1) : Number(most);
  return { times: Math.max(1, times), end: at + whole.length - 1 };
}

/** Of an escape the last character: `\u{1F9F6}` repeats nothing. */
function endOfEscape(text: string, at: number): number {
  named.lastIndex = at + 1;
  return at + (named.exec(text)?.[0].length ?? 1);
}

const named = /[upP]\{[\w=]{1,60}\}/y;

function endOfClass(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== ']') at += text[at] === '\\' ? 2 : 1;
  return at;
}
