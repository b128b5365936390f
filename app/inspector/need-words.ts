import { isObject } from '../../flow/document/json.ts';
import { splitEnd } from '../../flow/document/ports.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Need } from '../canvas/remote-shapes.ts';

/** A question to a person: what is so, and the answers with what follows from each; the safe one first. */
export interface Asked {
  readonly title: string;
  readonly text: string;
  readonly mark: 'doubt' | 'waiting' | 'failed';
  readonly choices: readonly { readonly answer: string; readonly title: string; readonly says: string }[];
}

/** The question that a need stands for, in words; with the document of the run also what its choices are called and lead to. */
export function answersOf(need: Need, document?: Workflow): Asked {
  if (need.kind === 'review') return review(need, document);
  if (need.kind === 'in-doubt') return doubt(need, titleOf(document, need.node));
  if (need.kind === 'missing-node')
    return {
      title: 'A node is not installed.',
      text: `${titleOf(document, need.node)} goes on by itself once it is.`,
      mark: 'waiting',
      choices: [],
    };
  return {
    title: 'This step was set aside.',
    text: 'It brought the process down several times. It is not tried again by itself.',
    mark: 'failed',
    choices: [
      { answer: 'again', title: 'Try again', says: 'It is carried out once more.' },
      { answer: 'fail', title: 'Count as failed', says: 'The run fails here.' },
    ],
  };
}

/** What a node is called in a document; its key where that is not known. */
export const titleOf = (document: Workflow | undefined, key: string | undefined): string =>
  document?.nodes.find((node) => node.key === key)?.title ?? key ?? 'this step';

/** Which items a need is about. */
export const itemsOfNeed = ({ items }: Need): readonly number[] =>
  Array.isArray(items) ? items.filter((item) => typeof item === 'number') : [];

function doubt(need: Need, node: string): Asked {
  const calls = itemsOfNeed(need).length;
  return {
    title: `${calls > 1 ? `${calls} calls` : 'A call'} of ${node} may have happened.`,
    text: 'The process was lost after the request left and before the answer came. It is not sent again by itself.',
    mark: 'doubt',
    choices: [
      { answer: 'sent', title: 'Mark as sent', says: 'It is not sent again; the run goes on.' },
      { answer: 'again', title: 'Send again', says: 'It may happen twice.' },
      { answer: 'fail', title: 'Count as failed', says: 'The step fails; what its settings say follows.' },
    ],
  };
}

function review(need: Need, document: Workflow | undefined): Asked {
  const { details } = need;
  const named = isObject(details) && Array.isArray(details['choices']) ? details['choices'] : [];
  const words = named.filter((choice) => typeof choice === 'string');
  const titles = choiceTitles(document, need.node);
  return {
    title: typeof need['title'] === 'string' ? need['title'] : 'A question',
    text: isObject(details) && typeof details['text'] === 'string' ? details['text'] : '',
    mark: 'waiting',
    choices: (words.length > 0 ? words : ['approve', 'reject']).map((answer) => ({
      answer,
      title: titles.get(answer) ?? answer.charAt(0).toUpperCase() + answer.slice(1),
      says: followers(document, need.node, answer),
    })),
  };
}

/** What the buttons of a review are called by whoever drew it. */
function choiceTitles(document: Workflow | undefined, key: string | undefined): ReadonlyMap<string, string> {
  const choices: unknown = document?.nodes.find((node) => node.key === key)?.params?.['choices'];
  return new Map(
    (Array.isArray(choices) ? choices : []).flatMap((choice: unknown) =>
      isObject(choice) && typeof choice['id'] === 'string' && typeof choice['name'] === 'string'
        ? [[choice['id'], choice['name']] as const]
        : [],
    ),
  );
}

/** What comes next when items leave by a port. */
function followers(document: Workflow | undefined, key: string | undefined, port: string): string {
  if (!document) return `Items go on by ${port}.`;
  const next = document.edges.flatMap(({ from, to }) => {
    const end = splitEnd(from);
    return end.key === key && end.port === port ? [titleOf(document, splitEnd(to).key)] : [];
  });
  return next.length === 0 ? 'Nothing follows.' : `Then: ${next.join(', ')}.`;
}
