import type { Wired } from '../../compile/wiring.ts';
import { isObject } from '../../document/json.ts';
import { effectOf } from '../../document/ports.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import type { Rule, View } from '../view.ts';

/** Where something that should happen once may happen again: retries and repeats around an effect. */
export const effects: Rule = {
  codes: ['retry-of-effect', 'effect-in-repeat', 'effect-in-loop'],
  check(view) {
    const effective = [...view.wiring.nodes.values()].filter((wired) => isEffect(view, wired));
    return [...effective.flatMap((wired) => retried(view, wired)), ...turned(view, effective)];
  },
};

const isEffect = (view: View, wired: Wired): boolean =>
  wired.node.settings?.disabled !== true &&
  effectOf(wired.card.effect, view.paramsOf(wired), wired.card.defaults) === 'effect';

function retried(view: View, wired: Wired): Issue[] {
  const { key, settings } = wired.node;
  if ((settings?.retry?.times ?? 0) === 0 || hasKey(view.paramsOf(wired))) return [];
  const message = `${key} is tried again after a failure, and the service may have done it the first time.`;
  const mend = 'Send an idempotency key that the service supports, or retry only on errors that say nothing was done.';
  return [found('retry-of-effect', { node: key }, message, mend)];
}

/** Whether the request names itself to the far side, so that a second one is known to be the same. */
function hasKey(params: Readonly<Record<string, unknown>>): boolean {
  const headers = params['headers'];
  const names = [...Object.keys(params), ...(isObject(headers) ? Object.keys(headers) : [])];
  return names.some((name) => name.toLowerCase().replaceAll(/[-_]/g, '') === 'idempotencykey');
}

const turned = ({ wiring, loops }: View, effective: readonly Wired[]): Issue[] =>
  effective.flatMap(({ node: { key } }): Issue[] => {
    const inner = loops.loops.get(key)?.at(-1);
    const loop = inner === undefined ? undefined : wiring.nodes.get(inner);
    if (!loop) return [];
    return [loop.card.role === 'repeat' ? inRepeat(key, loop.node.key) : inLoop(key, loop.node.key)];
  });

const inRepeat = (key: string, loop: string): Issue =>
  found(
    'effect-in-repeat',
    { node: key },
    `${key} acts outside on every try of ${loop}, again for the same items.`,
    'Move it behind the repeat, or make sure that doing it again does no harm.',
  );

const inLoop = (key: string, loop: string): Issue =>
  found(
    'effect-in-loop',
    { node: key },
    `${key} acts outside on every turn of ${loop}.`,
    'Nothing to do if each turn has items of its own; else move it behind the loop.',
  );

/** Failed items that leave by a port which leads nowhere are lost without a word. */
export const errorPorts: Rule = {
  codes: ['error-port-open'],
  check({ wiring }) {
    const used = new Set(wiring.forward.filter(({ from }) => from.port === 'error').map(({ from }) => from.node));
    return [...wiring.nodes.values()]
      .filter(({ node }) => node.settings?.onError === 'port' && !used.has(node.key))
      .map(({ node: { key } }) =>
        found(
          'error-port-open',
          { node: key },
          `Items that fail in ${key} leave by its error port, which leads nowhere.`,
          `Connect ${key}.error, or choose to stop or to ignore.`,
        ),
      );
  },
};
