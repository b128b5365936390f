import { instead } from '../../code/absent.ts';
import { codesOf } from '../../code/holders.ts';
import { readCode } from '../../code/read.ts';
import type { AbsentInCode } from '../../code/read.ts';
import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { strangersOf } from '../strangers.ts';
import { enabled, findIn } from '../view.ts';
import type { Rule } from '../view.ts';

/** Characters of code that one check reads: the syntax tree of a megabyte takes a tenth of a second. */
const mostCharacters = 500_000;
/** What reading a character of code takes. */
const stepsACharacter = 4;

/** Code that does not parse, names nodes that are not there or cannot have run, or uses what code nodes do not have. */
export const code: Rule = {
  codes: ['code-syntax', 'code-unavailable', 'reference-unknown', 'reference-later', 'reference-aside'],
  check(view) {
    const strangers = strangersOf(view);
    let left = mostCharacters;
    return findIn(view, enabled(view), function* ({ node }) {
      for (const { param, source } of codesOf(node)) {
        left -= source.length;
        if (left < 0) return;
        view.budget.about(source.length * stepsACharacter);
        const where = { node: node.key, param };
        const { keys, absent, error } = readCode(source);
        if (error) yield syntaxIssue(where, error);
        for (const one of absent) yield absentIssue(where, one);
        for (const { key, line } of keys) yield* strangers.about(key, where, ` (line ${line})`);
      }
    });
  },
};

type Where = { readonly node: string; readonly param: string };

function syntaxIssue(where: Where, error: { message: string; line: number; column: number }): Issue {
  const at = `line ${error.line}, column ${error.column}`;
  if (/'import' and 'export'/.test(error.message))
    return found(
      'code-syntax',
      where,
      `Code nodes have no modules: import and export cannot be used (${at}).`,
      'Remove the line. DateTime, Buffer, crypto, URL and $jmespath are there without it.',
    );
  return found(
    'code-syntax',
    where,
    `The code does not parse: ${quote(error.message)} (${at}).`,
    'Correct what stands there: a bracket, a comma or an operator is missing or too many.',
  );
}

function absentIssue(where: Where, { name, module, line, column }: AbsentInCode): Issue {
  const shown =
    name === 'require' || name === 'import' ? `${name}(${module === undefined ? '…' : quote(module)})` : name;
  const message = `Code nodes have no ${shown} (line ${line}, column ${column}).`;
  return found('code-unavailable', where, message, instead(name, module) ?? 'Use another way.');
}
