import { isObject } from '../../flow/document/json.ts';
import type { Need } from '../canvas/remote-shapes.ts';

/** A question to a person: what is so, and the answers with what follows from each; the safe one first. */
export interface Asked {
  readonly title: string;
  readonly text: string;
  readonly mark: 'doubt' | 'waiting' | 'failed';
  readonly choices: readonly { readonly answer: string; readonly title: string; readonly says: string }[];
}

/** The question that a need stands for, in words. */
export function answersOf(need: Need): Asked {
  if (need.kind === 'review') return review(need);
  if (need.kind === 'in-doubt') return doubt(need);
  if (need.kind === 'missing-node')
    return {
      title: 'A node is not installed.',
      text: `${need.node} goes on by itself once it is.`,
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

const doubt = ({ node, items }: Need): Asked => {
  const many = Array.isArray(items) && items.length > 1 ? `${items.length} calls` : 'A call';
  return {
    title: `${many} of ${node ?? 'this step'} may have happened.`,
    text: 'The process was lost after the request left and before the answer came. It is not sent again by itself.',
    mark: 'doubt',
    choices: [
      { answer: 'sent', title: 'Mark as sent', says: 'It is not sent again; the run goes on.' },
      { answer: 'again', title: 'Send again', says: 'It may happen twice.' },
      { answer: 'fail', title: 'Count as failed', says: 'The step fails; what its settings say follows.' },
    ],
  };
};

function review(need: Need): Asked {
  const { details } = need;
  const named = isObject(details) && Array.isArray(details['choices']) ? details['choices'] : [];
  const words = named.filter((choice) => typeof choice === 'string');
  const text =
    isObject(details) && typeof details['text'] === 'string' ? details['text'] : 'The run waits for an answer.';
  return {
    title: typeof need['title'] === 'string' ? need['title'] : 'A question',
    text,
    mark: 'waiting',
    choices: (words.length > 0 ? words : ['approve', 'reject']).map((answer) => ({
      answer,
      title: answer.charAt(0).toUpperCase() + answer.slice(1),
      says: `Items go on by ${answer}.`,
    })),
  };
}
