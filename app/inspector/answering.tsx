import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer } from '../api/run.ts';
import type { Answer } from '../api/run.ts';
import type { Need } from '../../flow/contract/run.ts';
import { Button } from '../ui/button.tsx';
import { Cut } from '../ui/cut.tsx';
import { toast } from '../ui/toast.ts';
import type { Asked } from './need-words.ts';
import './answering.css';

/** What a person answered, and how that is said afterwards. */
export interface Said {
  readonly answers: readonly Answer[];
  readonly words: string;
}
/** The way to answer: one at a time, said in a toast, with the run read again. */
export type Send = ReturnType<typeof useAnswer>;

/** Sends what a person says of a run that waits. */
export function useAnswer(run: string, onAnswered: ((words: string) => void) | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ answers }: Said) => {
      for (const one of answers) await answer(run, one);
    },
    onSuccess: (_, { words }) => {
      toast({ title: 'Answered', text: words });
      onAnswered?.(words);
    },
    onError: (error) => toast({ title: 'The answer was not taken.', text: error.message, state: 'failed' }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['run', run] }),
        client.invalidateQueries({ queryKey: ['waiting'] }),
      ]),
  });
}

/** Where an answer belongs. */
export const placeOf = (need: Need): Pick<Answer, 'step' | 'call'> => ({
  step: need.step ?? '',
  ...(typeof need['call'] === 'string' ? { call: need['call'] } : {}),
});

/** One of the answers to a question. */
export type Choice = Asked['choices'][number];

/** Buttons with a line each that says what follows; the safe one is primary, where one is. */
export const Choices = ({
  choices,
  busy,
  choose,
  isEven = false,
  children,
}: {
  choices: readonly Choice[];
  busy: boolean;
  choose: (choice: Choice) => void;
  /** None of them is the safe one. */
  isEven?: boolean;
  /** A further choice, with its line. */
  children?: ReactNode;
}) => (
  <div className="choices">
    {choices.map((choice, index) => (
      <div className="choice" key={choice.answer}>
        <Button tone={index === 0 && !isEven ? 'primary' : 'plain'} busy={busy} onClick={() => choose(choice)}>
          <Cut text={choice.title} />
        </Button>
        <span>{choice.says}</span>
      </div>
    ))}
    {children && <div className="choice">{children}</div>}
  </div>
);
