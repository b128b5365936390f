import { useState } from 'react';
import { FarProblem } from '../canvas/remote.ts';
import type { Answer, Remote } from '../canvas/remote.ts';
import type { Need, Run } from '../canvas/remote-shapes.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { toast } from '../ui/toast.ts';
import { answersOf } from './need-words.ts';

/** What only a person can end in a run: questions, and steps that may have happened. */
export function RunNeeds({ run, remote }: { run: Run; remote: Pick<Remote, 'answer'> }) {
  return (
    <>
      {run.needs.map((need, index) => (
        <NeedView key={`${need.step}${index}`} run={run} need={need} remote={remote} />
      ))}
    </>
  );
}

/** One question with the answers there are; each says what follows from it. */
export function NeedView({ run, need, remote }: { run: Run; need: Need; remote: Pick<Remote, 'answer'> }) {
  const [isBusy, setBusy] = useState(false);
  const asked = answersOf(need);
  const answer = async (given: string) => {
    setBusy(true);
    const wish: Answer = {
      step: need.step ?? '',
      answer: given,
      ...(typeof need['call'] === 'string' ? { call: need['call'] } : {}),
    };
    try {
      await remote.answer(run.id, wish);
      toast({ title: 'Answered', text: asked.choices.find((choice) => choice.answer === given)?.says ?? '' });
    } catch (error) {
      const text = error instanceof FarProblem ? error.message : 'The server did not answer.';
      toast({ title: 'The answer was not taken.', text, state: 'failed' });
    }
    setBusy(false);
  };
  return (
    <section className="sec" aria-label={asked.title}>
      <div className="note-bar" data-state={asked.mark}>
        <Mark state={asked.mark} />
        <div>
          <b>{asked.title}</b> {asked.text}
        </div>
      </div>
      <div className="choices" style={{ marginTop: 10 }}>
        {asked.choices.map((choice, index) => (
          <div className="choice" key={choice.answer}>
            <Button tone={index === 0 ? 'primary' : 'plain'} busy={isBusy} onClick={() => void answer(choice.answer)}>
              {choice.title}
            </Button>
            <span>{choice.says}</span>
          </div>
        ))}
      </div>
    </section>
  );
}
