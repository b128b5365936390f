import type { Wired } from '../../compile/wiring.ts';
import { isObject } from '../../document/json.ts';
import type { Issue } from '../../document/workflow.ts';
import { brokenMend, placeIn } from '../../values/broken-json.ts';
import { found } from '../codes.ts';
import { brokenTemplateAt } from '../params/json-template.ts';
import { controlsIn, isLiteral, pathText } from '../params/places.ts';
import type { ParamPlace } from '../params/places.ts';
import { titleText } from '../params/titles.ts';
import { enabled, findIn } from '../view.ts';
import type { Rule, View } from '../view.ts';

/** Characters of JSON with expressions that one check reads. */
const mostCharacters = 200_000;
/** What reading a character takes, with what its expressions may give. */
const stepsACharacter = 20;

/** Fields that are read as JSON and hold a text that is none, whatever its expressions give. */
export const json: Rule = {
  codes: ['json-broken'],
  check(view) {
    let left = mostCharacters;
    return findIn(view, enabled(view), (wired) =>
      findIn(view, jsonTexts(view, wired), ({ path, text, isText }): Issue[] => {
        left -= text.length;
        if (left < 0) return [];
        view.budget.about(text.length * stepsACharacter);
        const at = brokenTemplateAt(text, isText);
        if (at === undefined) return [];
        const message = `${titleText(wired.card.params, path)} is not valid JSON ${placeIn(text, at)}.`;
        return [found('json-broken', { node: wired.node.key, param: pathText(path) }, message, brokenMend)];
      }),
    );
  },
};

interface JsonText {
  readonly path: ParamPlace['path'];
  readonly text: string;
  readonly isText: boolean;
}

/** Texts in fields that take JSON, and in those that take it while fields beside them say so. */
function jsonTexts(view: View, wired: Wired): JsonText[] {
  const { params } = wired.card;
  if (!controlsIn(params).has('json')) return [];
  const values = view.paramsOf(wired);
  const seen = new Set<string>();
  return view.placesOf(wired).flatMap(({ path, value, ui, jsonWhile }): JsonText[] => {
    if (typeof value !== 'string' || isLiteral(params, path[0])) return [];
    if (ui !== 'json' && (jsonWhile === undefined || !holds(jsonWhile, beside(values, path)))) return [];
    const name = pathText(path);
    if (seen.has(name)) return [];
    seen.add(name);
    return [{ path, text: value, isText: ui !== 'json' }];
  });
}

function beside(values: unknown, path: ParamPlace['path']): unknown {
  let here = values;
  for (const step of path.slice(0, -1))
    here = typeof here === 'object' && here !== null ? (here as Readonly<Record<string, unknown>>)[step] : undefined;
  return here;
}

const holds = (jsonWhile: Readonly<Record<string, unknown>>, fields: unknown): boolean =>
  Object.entries(jsonWhile).every(
    ([name, words]) =>
      isObject(fields) && (Array.isArray(words) ? words.includes(fields[name]) : fields[name] === words),
  );
