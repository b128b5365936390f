import type { Issue } from '../document/workflow.ts';
import type { Nearly } from '../expression/nearly.ts';
import { placeIn } from '../values/broken-json.ts';
import { found } from './codes.ts';

const words: Readonly<Record<Nearly['why'], readonly [says: string, mend: string]>> = {
  unclosed: [
    '{{ opens an expression that is not closed',
    'Close it with }}, or write \\{{ to keep the brackets as text.',
  ],
  unopened: ['}} closes an expression that is not opened', 'Put {{ in front of it.'],
  single: ['an expression stands in one pair of brackets', 'Write {{ and }} around it.'],
  bare: ['an expression stands without brackets', 'Write {{ and }} around it.'],
};

/** A text that is nearly an expression, in the place that `label` calls. */
export function nearlyIssue(where: Issue['where'], label: string, text: string, { why, at }: Nearly): Issue {
  const [says, mend] = words[why];
  return found('expression-nearly', where, `${label}: ${says} ${placeIn(text, at)}, so it is used as text.`, mend);
}
