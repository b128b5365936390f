import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { isZone } from '../../values/zone.ts';
import { found } from '../codes.ts';
import { findIn } from '../view.ts';
import type { Rule } from '../view.ts';

/** What stands beside the graph: the time zone, and pins, groups and tests that name nodes. */
export const margins: Rule = {
  codes: ['unknown-timezone', 'stray-name'],
  *check(view) {
    const { document } = view;
    const { settings, pins = {}, groups = [], tests = [] } = document;
    const keys = new Set(document.nodes.map(({ key }) => key));
    const named = (nodes: readonly string[], what: string) => nodes.map((key) => [what, key] as const);
    const names = [
      ...named(Object.keys(pins), 'A pin'),
      ...groups.flatMap(({ nodes, title }) => named(nodes, `The group ${quote(title)}`)),
      ...tests.flatMap(({ name, start, with: stand = {} }) =>
        named([...(start === undefined ? [] : [start]), ...Object.keys(stand)], `The test ${quote(name)}`),
      ),
    ];
    const zone = settings?.timezone;
    if (zone !== undefined && !isZone(zone)) yield noZone(zone);
    yield* findIn(view, names, ([what, key]) => (keys.has(key) ? [] : [stray(what, key)]));
  },
};

const stray = (what: string, key: string): Issue =>
  found(
    'stray-name',
    {},
    `${what} names the node ${quote(key)}, which is not there.`,
    'Correct the key, or remove it there.',
  );

const noZone = (zone: string): Issue =>
  found(
    'unknown-timezone',
    { setting: 'timezone' },
    `There is no time zone ${quote(zone)}.`,
    'Write one such as Europe/Berlin or UTC.',
  );
