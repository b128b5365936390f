import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { hostOf, isAddress } from '../manifest.ts';
import { pathText } from '../params/places.ts';
import { enabled, findIn } from '../view.ts';
import type { Rule, View } from '../view.ts';

/** What a template left to be filled in: who installs one finds here, place by place, what the gallery told them in `about.needs`. */
export const toFillIn: Rule = {
  codes: ['address-example'],
  check: (view) => ((view.document.about?.needs ?? []).length === 0 ? [] : exampleAddresses(view)),
};

/** Names that are kept for examples: no server will ever answer there (RFC 2606). */
const isExample = (host: string): boolean => /(^|\.)(example|example\.(com|net|org))(:\d+)?$/.test(host);

const exampleAddresses = (view: View): Iterable<Issue> =>
  findIn(
    view,
    enabled(view).filter(({ card }) => card.needs.includes('http')),
    (wired) =>
      findIn(view, view.placesOf(wired), ({ path, value }) => {
        const name = path.find((part) => typeof part === 'string');
        const host = typeof value === 'string' && isAddress(String(name)) ? hostOf(value) : '';
        if (!isExample(host)) return [];
        const where = { node: wired.node.key, param: pathText(path) };
        return [found('address-example', where, `${host} is only an example.`, 'Enter your own address.')];
      }),
  );
