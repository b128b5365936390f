import type { Wired } from '../../compile/wiring.ts';
import { isObject } from '../../document/json.ts';
import { effectOf } from '../../document/ports.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { titleText } from '../params/titles.ts';
import { findIn } from '../view.ts';
import type { Rule, View } from '../view.ts';

/** Where something that should happen once may happen again: retries and repeats around an effect. */
export const effects: Rule = {
  codes: ['retry-of-effect', 'effect-in-repeat', 'effect-in-loop'],
  *check(view) {
    const effective = [...view.wiring.nodes.values()].filter((wired) => isEffect(view, wired));
    yield* findIn(view, effective, (wired) => retried(view, wired));
    yield* findIn(view, effective, (wired) => turned(view, wired));
  },
};

const isEffect = (view: View, wired: Wired): boolean =>
  wired.node.settings?.disabled !== true &&
  effectOf(wired.card.effect, view.paramsOf(wired), wired.card.defaults) === 'effect';

function retried(view: View, wired: Wired): Issue[] {
  const { key, settings } = wired.node;
  if ((settings?.retry?.times ?? 0) === 0 || hasKey(view.paramsOf(wired))) return [];
  const message = `${view.nameOf(key)} is tried again after a failure, and the service may have done it the first time.`;
  return [found('retry-of-effect', { node: key }, message, keyed(wired))];
}

/** What helps: the switch by which a node sends a key with its request, as its form calls it, or no retries. */
function keyed({ card }: Wired): string {
  const by = isObject(card.effect) ? card.effect['unless'] : undefined;
  const less = 'et “Retries” to 0, unless doing it twice does no harm.';
  if (typeof by !== 'string') return `S${less}`;
  return `Switch on “${titleText(card.params, [by])}” if it does. Else s${less}`;
}

/** Whether the request names itself to the far side, so that a second one is known to be the same. */
function hasKey(params: Readonly<Record<string, unknown>>): boolean {
  const headers = params['headers'];
  const names = [...Object.keys(params), ...(isObject(headers) ? Object.keys(headers) : [])];
  return names.some((name) => name.toLowerCase().replaceAll(/[-_]/g, '') === 'idempotencykey');
}

function turned(view: View, { node: { key } }: Wired): Issue[] {
  const inner = view.loops.loops.get(key)?.at(-1);
  const loop = inner === undefined ? undefined : view.wiring.nodes.get(inner);
  if (!loop) return [];
  const names = [view.nameOf(key), view.nameOf(loop.node.key)] as const;
  return [loop.card.role === 'repeat' ? inRepeat(key, ...names) : inLoop(key, ...names)];
}

const inRepeat = (node: string, name: string, loop: string): Issue =>
  found(
    'effect-in-repeat',
    { node },
    `${name} acts outside on every try of ${loop}, again for the same items.`,
    `Move it behind ${loop}, or make sure that doing it again does no harm.`,
  );

const inLoop = (node: string, name: string, loop: string): Issue =>
  found(
    'effect-in-loop',
    { node },
    `${name} acts outside on every iteration of ${loop}.`,
    `Nothing to do if each iteration has items of its own; else move it behind ${loop}.`,
  );

/** Failed items that leave by a port which leads nowhere are lost without a word. */
export const errorPorts: Rule = {
  codes: ['error-port-open'],
  check({ wiring, nameOf }) {
    const used = new Set(wiring.forward.filter(({ from }) => from.port === 'error').map(({ from }) => from.node));
    return [...wiring.nodes.values()]
      .filter(({ node }) => node.settings?.onError === 'port' && !used.has(node.key))
      .map(({ node: { key } }) =>
        found(
          'error-port-open',
          { node: key },
          `Items that fail in ${nameOf(key)} leave by its output “error”, which leads nowhere.`,
          'Connect it, or set “On error” to “Stop the run” or “Ignore the error”.',
        ),
      );
  },
};
