import { quote } from '../../document/quote.ts';
import type { Issue, Node } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { findIn } from '../view.ts';
import type { Rule, View } from '../view.ts';

/** Types and versions that this build lacks, and versions that have a newer one. */
export const types: Rule = {
  codes: ['unknown-type', 'newer-version'],
  check(view) {
    const known = new Set(view.context.types);
    return findIn(view, view.document.nodes, (node) => checkType(view, node, known));
  },
};

function checkType(
  { catalogue, meant: near }: View,
  { key, type, version }: Node,
  known: ReadonlySet<string>,
): Issue[] {
  const newest = catalogue(type);
  if (!newest) {
    const meant = near(type, known);
    const mend = meant
      ? `Write ${meant}, if that was meant.`
      : 'Install the node, or replace it with one that is there.';
    return [found('unknown-type', { node: key }, `This build has no node of type ${quote(type)}.`, mend)];
  }
  if (version === undefined || version === newest.version) return [];
  if (!catalogue(type, version)) {
    const message = `This build has ${type} up to version ${newest.version}, not version ${version}.`;
    return [found('unknown-type', { node: key }, message, 'Choose a version that is there, or update this build.')];
  }
  const message = `${type} has a newer version, ${newest.version}; this node keeps to version ${version}.`;
  return [found('newer-version', { node: key }, message, 'It goes on working. Upgrade the node when it suits you.')];
}
