import { labelOf, titleText } from '../../flow/check/params/titles.ts';
import type { Catalogue } from '../../flow/document/card.ts';
import { diff, diffWords } from '../../flow/document/diff.ts';
import { fingerprint, publishedPrint } from '../../flow/document/fingerprint.ts';
import { isObject } from '../../flow/document/json.ts';
import type { Node, Workflow } from '../../flow/document/workflow.ts';
import { settingChoices, settingTitles, waitTitle } from './setting-choices.ts';
import { nodeName } from '../../flow/document/node-name.ts';

/**
 * What publishing would change, a sentence each: what runs, and the titles and notes of nodes. Nothing when it brings none of that, which the list of
 * workflows asks by the same hash; where things stand alone is no reason to publish.
 */
export function compare(live: Workflow, draft: Workflow, catalogue: Catalogue): string[] {
  if (publishedPrint(live) === publishedPrint(draft)) return [];
  const found = diff(live, draft);
  const isElse = fingerprint(live) !== fingerprint(draft);
  return diffWords(
    // A new name of the workflow holds at once, without publishing.
    {
      ...found,
      layout: found.layout && isElse,
      document: found.document.filter(({ path }) => isElse || path.startsWith('settings')),
    },
    draft,
    {
      nameOf: (node) => nameWords(catalogue, node),
      wholeNameOf: (node) => wholeNameWords(catalogue, node),
      fieldOf: (node, path) => fieldWords(catalogue, node, path),
      valueOf: (node, path, value) => choiceWords(catalogue, node, path, value),
    },
  );
}

const nameWords = (catalogue: Catalogue, node: Node): string => `“${nodeName(catalogue, node)}”`;

/** `“Every night” (Schedule)`: a node with a title of its own is told with that of its card, one that is not installed with its type. */
function wholeNameWords(catalogue: Catalogue, node: Node): string {
  const kind = catalogue(node.type, node.version)?.title ?? node.type;
  const name = nameWords(catalogue, node);
  return nodeName(catalogue, node) === kind ? name : `${name} (${kind})`;
}

// How often is what the tab asks for as Retries.
const innerTitles: Readonly<Record<string, string>> = { times: '', backoff: 'Backoff' };
const isSetting = (name: string): name is keyof typeof settingTitles => Object.hasOwn(settingTitles, name);

/** `fields[0].value` as its form calls it: `Field 1 › Value`. Title, note, type and version keep their names. */
export function fieldWords(catalogue: Catalogue, { type, version }: Node, path: string): string {
  const [place, setting = '', inner = ''] = path.split('.');
  if (place === 'settings' && setting === 'retry' && inner === 'wait') return waitTitle;
  if (place === 'settings' && isSetting(setting))
    return [settingTitles[setting], innerTitles[inner] ?? inner].filter((title) => title !== '').join(' › ');
  const params = catalogue(type, version)?.params;
  const steps = stepsOf(path);
  if (!isObject(params) || !isObject(params['properties']) || !Object.hasOwn(params['properties'], steps[0] ?? ''))
    return path;
  return titleText(params, steps);
}

/** The word of a choice as its form shows it; undefined for a value that is none. */
export function choiceWords(
  catalogue: Catalogue,
  { type, version }: Node,
  path: string,
  value: unknown,
): string | undefined {
  if (typeof value !== 'string') return undefined;
  const setting = path.startsWith('settings.') ? settingChoices[path.slice('settings.'.length)] : undefined;
  if (setting) return setting.find((choice) => choice.value === value)?.title;
  const params = catalogue(type, version)?.params;
  const label = isObject(params) ? labelOf(params, stepsOf(path), value) : value;
  return label === value ? undefined : label;
}

const stepsOf = (path: string): (string | number)[] =>
  path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
