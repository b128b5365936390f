import type { Wired } from '../../compile/wiring.ts';
import { isObject } from '../../document/json.ts';
import type { Issue } from '../../document/workflow.ts';
import { faultWords } from '../../expression/faults.ts';
import type { FaultCode } from '../../expression/faults.ts';
import { codeLength } from '../../expression/code-length.ts';
import { expressionErrors } from '../../expression/errors.ts';
import { nearlyExpression } from '../../expression/nearly.ts';
import type { Nearly } from '../../expression/nearly.ts';
import { references } from '../../expression/references.ts';
import { found } from '../codes.ts';
import { nearlyIssue } from '../nearly-words.ts';
import { pathText, textsOf } from '../params/places.ts';
import type { Text } from '../params/places.ts';
import { titleText } from '../params/titles.ts';
import { settingTemplates } from '../setting-templates.ts';
import { strangersOf } from '../strangers.ts';
import { enabled, findIn } from '../view.ts';
import type { Rule, View } from '../view.ts';

/** Characters of templates that one check reads: half a second's worth, and ten times what the largest real workflows hold. */
const mostCharacters = 200_000;
/** What a text costs beside its characters. */
const perText = 40;
/** What reading a character of a template takes: 200,000 of them half a second. */
const stepsACharacter = 50;
/** What looking for brackets and the like takes. */
const stepsALook = 0.02;
const stepsAText = 5;

// The codes are the keys of the language's own table.
const faultCodes = Object.keys(faultWords) as FaultCode[];

/** Expressions that do not parse, name nothing that is, or name a node that cannot have run. */
export const expressions: Rule = {
  codes: [
    ...faultCodes,
    'unchecked-expressions',
    'key-long',
    'expression-unread',
    'expression-nearly',
    'reference-unknown',
    'reference-later',
    'reference-aside',
  ],
  *check(view) {
    const strangers = strangersOf(view);
    yield* settingTemplates(view);
    let left = mostCharacters;
    for (const wired of enabled(view)) {
      const texts = findIn(view, templatesOf(view, wired), function* (text) {
        const near = text.isUnread ? undefined : nearlyExpression(text.text);
        if (near) yield nearly(wired, text, near);
        if (left < 0 || !text.text.includes('{{')) return;
        left -= text.text.length + perText;
        if (left < 0) return yield unchecked(wired.node.key, view.nameOf(wired.node.key));
        if (text.isUnread) return yield unread(wired, text);
        view.budget.about(Math.max(text.text.length, codeLength(text.text)) * stepsACharacter);
        const where = { node: wired.node.key, param: pathText(text.path) };
        yield* textIssues(wired.node.key, text);
        for (const name of references(text.text).keys) yield* strangers.about(name, where);
      });
      yield* texts;
      if (left < 0) return;
    }
  },
};

/** Texts that are templates, or would be where templates are read. What is written in a code editor is not, whatever brackets it holds. */
function* templatesOf({ budget }: View, { node, card }: Wired): Generator<Text & { readonly isUnread: boolean }> {
  const { properties } = card.params;
  for (const [name, value] of Object.entries(node.params ?? {})) {
    const schema = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isObject(schema) && schema['ui'] === 'code') continue;
    const isUnread = isObject(schema) && schema['literal'] === true;
    for (const text of textsOf(value, [name])) {
      budget.spend(stepsAText + text.text.length * stepsALook);
      if (/\{\{|\$/.test(text.text)) yield { ...text, isUnread };
    }
  }
}

const nearly = ({ node, card }: Wired, { path, text }: Text, near: Nearly): Issue =>
  nearlyIssue({ node: node.key, param: pathText(path) }, titleText(card.params, path), text, near);

const unread = ({ node, card }: Wired, { path }: Text): Issue =>
  found(
    'expression-unread',
    { node: node.key, param: pathText(path) },
    `${titleText(card.params, path)} is used as it is written: an expression is not worked out here.`,
    'Write the text itself.',
  );

const unchecked = (key: string, name: string): Issue =>
  found(
    'unchecked-expressions',
    { node: key },
    `From ${name} on, expressions were not checked: there are too many.`,
    'Nothing to do; what is wrong shows when it runs.',
  );

const textIssues = (key: string, { path, text }: Text): Issue[] =>
  expressionErrors(text).map(({ error }) =>
    found(error.code, { node: key, param: pathText(path) }, error.message, error.mend),
  );
