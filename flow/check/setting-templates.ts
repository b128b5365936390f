import { longestKeyTemplate } from '../document/workflow.ts';
import type { Issue } from '../document/workflow.ts';
import { codeLength } from '../expression/code-length.ts';
import { expressionErrors } from '../expression/errors.ts';
import { nearlyExpression } from '../expression/nearly.ts';
import { references } from '../expression/references.ts';
import { found } from './codes.ts';
import { nearlyIssue } from './nearly-words.ts';
import type { View } from './view.ts';

/** The settings of a workflow that are templates, by their place: they are worked out over the event, before any node has run. */
function templatesIn({ settings = {} }: View['document']): [setting: string, label: string, text: string][] {
  const { concurrency, throttle, debounce, batch } = settings;
  const keys = { concurrency: typeof concurrency === 'number' ? undefined : concurrency, throttle, debounce, batch };
  return Object.entries(keys).flatMap(([name, setting]) =>
    setting?.key === undefined ? [] : [[`${name}.key`, `The setting ${name}.key`, setting.key]],
  );
}

/** What reading a character of a key takes. */
const stepsACharacter = 50;

const tooLong = (where: Issue['where'], label: string): Issue =>
  found(
    'key-long',
    where,
    `${label} is longer than ${longestKeyTemplate.toLocaleString('en')} characters.`,
    'Write the key shorter, such as {{ $json.customer }}.',
  );

/** What is wrong with the templates in the settings of a workflow, in the words that params have. */
export const settingTemplates = (view: View): Issue[] =>
  templatesIn(view.document)
    .flatMap(([setting, label, text]) => {
      const where = { setting };
      if (text.length > longestKeyTemplate) return [tooLong(where, label)];
      view.budget.about(Math.max(text.length, codeLength(text)) * stepsACharacter);
      const near = nearlyExpression(text);
      return [
        ...(near ? [nearlyIssue(where, label, text, near)] : []),
        ...expressionErrors(text).map(({ error }) =>
          found(error.code, where, `${label}: ${error.message}`, error.mend),
        ),
        ...references(text).keys.map((key) => tooEarly(where, label, view.nameOf(key))),
      ];
    })
    .concat(unread(view.document.settings?.errorWorkflow));

/** The error workflow is known before a run fails: nothing is worked out. */
const unread = (named = ''): Issue[] =>
  named.includes('{{')
    ? [
        found(
          'expression-unread',
          { setting: 'errorWorkflow' },
          'The error workflow is used as it is written: an expression is not worked out here.',
          'Write the id or the name of a workflow.',
        ),
      ]
    : [];

const tooEarly = (where: Issue['where'], label: string, name: string): Issue =>
  found(
    'reference-later',
    where,
    `${label} reads ${name}, and is worked out before any node has run.`,
    'Read the event that starts the run, such as {{ $json.customer }}.',
  );
