import { isCallable, linksOf, namesLink } from '../../compile/links.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { enabled, findIn } from '../view.ts';
import { textsOf } from '../params/places.ts';
import type { Rule, View } from '../view.ts';

/** `$step.resumeUrl` as it is written; a field of an item that has the same name is none. */
const written = /\$(?:step|run)\s*(?:\?\.|\.|\[\s*['"`])\s*resumeUrl/;

/** Whether a text of params names the link. */
function isWritten({ budget }: View, params: unknown): boolean {
  for (const { text } of textsOf(params)) {
    budget.spend(1 + text.length / charactersAStep);
    if (text.includes('resumeUrl') && written.test(text)) return true;
  }
  return false;
}

const charactersAStep = 20;

/** Links that lead nowhere, and waits for a call whose link nobody gets. */
export const links: Rule = {
  codes: ['link-nowhere', 'link-untold'],
  check(view) {
    const nodes = enabled(view);
    const meant = linksOf(view.wiring, view.loops.loops);
    const told = new Set([...meant].filter(([key, to]) => key !== to).map(([, to]) => to));
    return findIn(view, nodes, (wired): Issue[] => {
      const { key, params } = wired.node;
      if (isCallable(wired)) return told.has(key) || namesLink(params) ? [] : [untold(key, view.nameOf(key))];
      return meant.has(key) || !isWritten(view, params) ? [] : [nowhere(key, view.nameOf(key))];
    });
  },
};

const nowhere = (node: string, name: string): Issue =>
  found(
    'link-nowhere',
    { node },
    `${name} names the link of a wait, and no node after it waits until it is called.`,
    'Put a Wait node after it and switch on “Until its link is called”.',
  );

const untold = (node: string, name: string): Issue =>
  found(
    'link-untold',
    { node },
    `${name} waits until its link is called, and no node before it sends the link to anybody.`,
    'Write {{ $step.resumeUrl }} in the message or request of a node before it.',
  );
