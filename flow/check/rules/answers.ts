import { whyUnsent } from '../../document/answer-headers.ts';
import { isObject } from '../../document/json.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { enabled } from '../view.ts';
import type { Rule } from '../view.ts';

/** Headers of answers that are written and not sent. */
export const answers: Rule = {
  codes: ['header-unsent'],
  check: (view) =>
    enabled(view).flatMap((wired): Issue[] => {
      const { key } = wired.node;
      const { role } = wired.card;
      const params = view.paramsOf(wired);
      const response = params['response'];
      if (role === 'respond') return unsent(key, 'headers', params['headers']);
      return role === 'start' && isObject(response) ? unsent(key, 'response', response['headers']) : [];
    }),
};

const unsent = (node: string, param: string, headers: unknown): Issue[] =>
  Object.keys(isObject(headers) ? headers : {}).flatMap((name) => {
    const why = whyUnsent(name);
    if (why === undefined) return [];
    const mend = /^set-cookie/i.test(name)
      ? 'Remove it. Give the caller a token in the answer’s body, or put a proxy with an address of its own in front.'
      : 'Remove it.';
    return [found('header-unsent', { node, param }, `The header ${name} is not sent: ${why}.`, mend)];
  });
