import { isObject } from '../../flow/document/json.ts';
import type { Catalogue } from '../../flow/document/card.ts';
import { splitEnd } from '../../flow/document/ports.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Need } from '../../flow/contract/run.ts';
import { portNames } from './port-names.ts';

/** A question to a person: what is so, and the answers with what follows from each; the safe one first. */
export interface Asked {
  readonly title: string;
  readonly text: string;
  readonly mark: 'doubt' | 'waiting' | 'failed';
  readonly choices: readonly { readonly answer: string; readonly title: string; readonly says: string }[];
}

/** The question that a need stands for, in words; with the document of the run also what its choices are called and lead to. */
export function answersOf(need: Need, document?: Workflow, catalogue?: Catalogue): Asked {
  if (need.kind === 'review') return review(need, document, catalogue);
  if (need.kind === 'in-doubt') return doubt(need, titleOf(document, need.node, catalogue));
  if (need.kind === 'missing-node') return missing(need, titleOf(document, need.node, catalogue));
  return {
    title: 'This step was set aside.',
    text: 'It brought the process down several times. It is not tried again by itself.',
    mark: 'failed',
    choices: [
      { answer: 'again', title: 'Try again', says: 'It runs once more.' },
      { answer: 'fail', title: 'Mark as failed', says: 'The run fails here.' },
    ],
  };
}

/** What a node is called in a document: its title, else that of its card; its key where neither is known. */
export function titleOf(document: Workflow | undefined, key: string | undefined, catalogue?: Catalogue): string {
  const node = document?.nodes.find((one) => one.key === key);
  return node?.title ?? (node && catalogue?.(node.type, node.version)?.title) ?? key ?? 'this step';
}

/** Which items a need is about. */
export const itemsOfNeed = ({ items }: Need): readonly number[] =>
  Array.isArray(items) ? items.filter((item) => typeof item === 'number') : [];

/** A node that nobody has: not at all, or not any more as it was when the run's version was published. */
function missing({ details }: Need, node: string): Asked {
  const hasChanged = isObject(details) && typeof details['content'] === 'string';
  return {
    title: hasChanged ? `${node} has changed since.` : `${node} is not installed.`,
    text: hasChanged
      ? 'This version runs it as it was when it was published, and that is not kept any more. Publish the workflow again, then retry this run with the new version.'
      : 'Install it, then try again.',
    mark: 'waiting',
    choices: [
      { answer: 'again', title: 'Try again', says: 'It runs if the node is there now.' },
      { answer: 'fail', title: 'Mark as failed', says: 'The run fails here.' },
    ],
  };
}

function doubt(need: Need, node: string): Asked {
  const calls = itemsOfNeed(need).length;
  return {
    title: `${calls > 1 ? `${calls} calls` : 'A call'} of ${node} may have happened.`,
    text: 'The request was sent, and no answer came back. It is not sent again by itself.',
    mark: 'doubt',
    choices: [
      { answer: 'sent', title: 'Mark as sent', says: 'It is not sent again; the run goes on.' },
      { answer: 'again', title: 'Send again', says: 'It may happen twice.' },
      {
        answer: 'fail',
        title: 'Mark as failed',
        says: 'The step fails, and “On error” in its settings says how the run goes on.',
      },
    ],
  };
}

function review(need: Need, document: Workflow | undefined, catalogue: Catalogue | undefined): Asked {
  const { details } = need;
  const named = isObject(details) && Array.isArray(details['choices']) ? details['choices'] : [];
  const words = named.filter((choice) => typeof choice === 'string');
  const { output: ports } = portNames(document, catalogue, need.node);
  return {
    title: typeof need['title'] === 'string' ? need['title'] : 'A question',
    text: isObject(details) && typeof details['text'] === 'string' ? details['text'] : '',
    mark: 'waiting',
    choices: (words.length > 0 ? words : ['approve', 'reject']).map((answer) => ({
      answer,
      title: ports.find(({ name }) => name === answer)?.title ?? `${answer.charAt(0).toUpperCase()}${answer.slice(1)}`,
      says: followers({ document, catalogue, key: need.node, port: answer, first: ports[0]?.name }),
    })),
  };
}

interface Following {
  readonly document: Workflow | undefined;
  readonly catalogue: Catalogue | undefined;
  readonly key: string | undefined;
  readonly port: string;
  /** The node's first port, which an edge need not name. */
  readonly first: string | undefined;
}

/** What comes next when items leave by a port; nothing is said while the ports are not known. */
function followers({ document, catalogue, key, port, first }: Following): string {
  if (!document || first === undefined) return '';
  const next = document.edges.flatMap(({ from, to }) => {
    const end = splitEnd(from);
    return end.key === key && (end.port ?? first) === port ? [titleOf(document, splitEnd(to).key, catalogue)] : [];
  });
  return next.length === 0 ? 'No node follows.' : `Then: ${next.join(', ')}.`;
}
