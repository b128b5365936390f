import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { isZone } from '../../values/zone.ts';
import { found } from '../codes.ts';
import type { Rule } from '../view.ts';

/** What stands beside the graph: the time zone, and pins, groups and tests that name nodes. */
export const margins: Rule = {
  codes: ['unknown-timezone', 'stray-name'],
  check({ document }) {
    const { settings, pins = {}, groups = [], tests = [] } = document;
    const keys = new Set(document.nodes.map(({ key }) => key));
    const named = [
      ...Object.keys(pins).map((key) => ['A pin', key] as const),
      ...groups.flatMap(({ nodes, title }) => nodes.map((key) => [`The group ${quote(title)}`, key] as const)),
      ...tests.flatMap(({ name, start, with: stand = {} }) =>
        [...(start === undefined ? [] : [start]), ...Object.keys(stand)].map(
          (key) => [`The test ${quote(name)}`, key] as const,
        ),
      ),
    ];
    const strays = named.filter(([, key]) => !keys.has(key)).map(([what, key]) => stray(what, key));
    const zone = settings?.timezone;
    return [...(zone === undefined || isZone(zone) ? [] : [noZone(zone)]), ...strays];
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
