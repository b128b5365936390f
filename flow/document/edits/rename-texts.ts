import { codesOf } from '../../code/holders.ts';
import { renamedCodes } from '../../code/rename.ts';
import { rewriteKeys } from '../../expression/references.ts';
import { lendTexts } from './texts.ts';
import type { RenameTexts } from './texts.ts';

const renameTexts: RenameTexts = (node, params, rename) => {
  const holders = new Set(codesOf(node).map(({ param }) => param));
  if (holders.size === 0) return rewriteKeys(params, rename);
  // Code is no template, whatever brackets it holds.
  const [codes, others] = parted(params, holders);
  const rewritten = rewriteKeys(others, rename);
  const changed = renamedCodes(node, rename);
  if (rewritten === others && Object.keys(changed).length === 0) return params;
  return Object.fromEntries(Object.keys(params).map((name) => [name, { ...rewritten, ...codes, ...changed }[name]]));
};

function parted(params: Parameters<RenameTexts>[1], names: ReadonlySet<string>) {
  const entries = Object.entries(params);
  const of = (isCode: boolean) => Object.fromEntries(entries.filter(([name]) => names.has(name) === isCode));
  return [of(true), of(false)] as const;
}

lendTexts(renameTexts);
