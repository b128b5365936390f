import { sentType, whyUnsent } from '../../document/answer-headers.ts';
import { isObject } from '../../document/json.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { anyHost, hostOf } from '../manifest.ts';
import { enabled, findIn } from '../view.ts';
import type { Rule } from '../view.ts';

/** What of an answer is written and not sent, or leads to where nobody granted. */
export const answers: Rule = {
  codes: ['header-unsent', 'type-unsent', 'redirect-open'],
  check: (view) =>
    findIn(view, enabled(view), (wired): Issue[] => {
      const { key } = wired.node;
      const { role } = wired.card;
      const params = view.paramsOf(wired);
      const response = params['response'];
      const { hasOwnAddress = false } = view.context;
      if (role === 'respond')
        return [...unsent(key, 'headers', params['headers'], hasOwnAddress), ...openRedirect(key, params)];
      return role === 'start' && isObject(response) ? unsent(key, 'response', response['headers'], hasOwnAddress) : [];
    }),
};

const unsent = (node: string, param: string, headers: unknown, hasOwnAddress: boolean): Issue[] =>
  Object.entries(isObject(headers) ? headers : {}).flatMap(([name, value]): Issue[] => {
    const why = whyUnsent(name, value, hasOwnAddress);
    if (why === undefined) return otherType(node, param, [name, value], hasOwnAddress);
    return [
      found('header-unsent', { node, param }, `The header ${name} is not sent: ${why}.`, mendOf(name, hasOwnAddress)),
    ];
  });

function mendOf(name: string, hasOwnAddress: boolean): string {
  if (!/^set-cookie$/i.test(name)) return 'Remove it. What programs agree on among themselves may be called X-….';
  if (hasOwnAddress) return 'Leave Domain out: the cookie is then for the address of the webhook alone.';
  return 'Remove it: give the caller a token in the answer’s body. Or have whoever runs Heddle give what webhooks answer an address of its own (HEDDLE_HOOKS_URL).';
}

function otherType(
  node: string,
  param: string,
  [name, value]: readonly [string, unknown],
  hasOwnAddress: boolean,
): Issue[] {
  if (!/^content-type$/i.test(name) || typeof value !== 'string' || sentType(value, hasOwnAddress) === value) return [];
  const message = `The answer is sent as text and not as ${value}: Heddle’s screens share this address, and could be made to run it.`;
  const mend =
    'Serve scripts from elsewhere, or have whoever runs Heddle give what webhooks answer an address of its own (HEDDLE_HOOKS_URL).';
  return [found('type-unsent', { node, param }, message, mend)];
}

/** A redirect whose host an expression decides; links of our own may be led to all the same. */
function openRedirect(node: string, params: Readonly<Record<string, unknown>>): Issue[] {
  const { value, hosts } = params;
  if (params['with'] !== 'redirect' || typeof value !== 'string') return [];
  const listed = Array.isArray(hosts) ? hosts : [];
  if (listed.includes(anyHost))
    return [
      found(
        'redirect-open',
        { node, param: 'hosts' },
        'Whoever writes a link to this webhook decides where its readers land: any host may be redirected to.',
        'List the hosts, unless the addresses come from you alone.',
      ),
    ];
  const isOurs = /\bresumeUrl\b/.test(value) || !value.includes('{{') || /^\s*[/?#.](?![/\\{])/.test(value);
  if (isOurs || listed.length > 0 || hostOf(value) !== anyHost) return [];
  return [
    found(
      'redirect-open',
      { node, param: 'value' },
      'An expression decides the host of this redirect: only webhooks, forms and links of this Heddle can be reached.',
      'Write the host out, or list it under “Hosts to redirect to”.',
    ),
  ];
}
