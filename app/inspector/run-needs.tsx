import { useRef, useState } from 'react';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Need } from '../../flow/contract/run.ts';
import { isoOf } from '../../flow/values/calendar.ts';
import { useMay } from '../api/role.ts';
import { toFirstWrong } from '../ui/first-wrong.ts';
import { Mark } from '../ui/mark.tsx';
import { ago, soon } from '../ui/when.ts';
import { Choices, placeOf, useAnswer } from './answering.tsx';
import type { Choice, Send } from './answering.tsx';
import { DecidedItems } from './decided-items.tsx';
import { DoubtView } from './doubt-view.tsx';
import { DoubtedItems } from './doubted-items.tsx';
import { answersOf, itemsOfNeed } from './need-words.ts';
import { portNames } from './port-names.ts';
import { PlainMarkdown } from '../ui/plain-markdown.tsx';
import { fieldsOf, firstValues, missingIn, ReviewFields } from './review-fields.tsx';
import type { Values } from './review-fields.tsx';
import { isObject } from '../../flow/document/json.ts';
import './run-needs.css';

interface NeedProps {
  /** The run that waits. */
  readonly run: string;
  readonly need: Need;
  /** Its document, for what things are called and what follows. */
  readonly document?: Workflow | undefined;
  /** For what its ports are called. */
  readonly catalogue?: Catalogue | undefined;
  /** What went into the step, where it is known, to tell the items of a doubt or of a question apart. */
  readonly items?: readonly unknown[] | undefined;
  readonly onAnswered?: (words: string) => void;
}

/** One question with the answers there are; each says what follows from it. */
export function NeedView({ run, need, document, catalogue, items, onAnswered }: NeedProps) {
  const send = useAnswer(run, onAnswered);
  const mayAnswer = useMay('operator');
  const asked = answersOf(need, document, catalogue);
  return (
    <section className="sec" aria-label={asked.title}>
      {need.kind === 'review' ? (
        <Question run={run} need={need} document={document} catalogue={catalogue} items={items} send={send} />
      ) : (
        <>
          <div className="note-bar" data-state={asked.mark}>
            <Mark state={asked.mark} />
            <div>
              <b>{asked.title}</b> {asked.text}
            </div>
          </div>
          {!mayAnswer ? (
            <OperatorsAnswer />
          ) : need.kind === 'in-doubt' ? (
            <DoubtView need={need} asked={asked} items={items} send={send}>
              {need.step !== undefined && document && catalogue && (
                <DoubtedItems
                  run={run}
                  step={need.step}
                  port={portNames(document, catalogue, need.node).input[0]?.name ?? 'in'}
                  places={itemsOfNeed(need)}
                  node={need.node}
                  document={document}
                  catalogue={catalogue}
                  items={items}
                />
              )}
            </DoubtView>
          ) : (
            <Choices
              choices={asked.choices}
              busy={send.isPending}
              choose={({ answer: given, title }) =>
                send.mutate({ answers: [{ ...placeOf(need), answer: given }], words: title })
              }
            />
          )}
        </>
      )}
    </section>
  );
}

/** Why there is nothing to press for somebody who may only look. */
const OperatorsAnswer = () => <p className="small t2 answered-by">An operator of this workspace answers this.</p>;

/** A review: what is asked, what is to be filled in, and the choices. */
function Question({
  run,
  need,
  document,
  catalogue,
  items,
  send,
}: Pick<NeedProps, 'run' | 'need' | 'document' | 'catalogue' | 'items'> & { send: Send }) {
  const asked = answersOf(need, document, catalogue);
  const fields = fieldsOf(need);
  const mayAnswer = useMay('operator');
  const [values, setValues] = useState<Values>(() => firstValues(fields));
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({});
  const form = useRef<HTMLDivElement>(null);
  const choose = ({ answer: given, title }: Choice) => {
    const missing = missingIn(fields, values);
    setWrong(missing);
    if (Object.keys(missing).length > 0) {
      if (form.current) toFirstWrong(form.current);
      return;
    }
    send.mutate({ answers: [{ ...placeOf(need), answer: given, output: values }], words: `${asked.title}: ${title}` });
  };
  const due = isObject(need.details) && typeof need.details['due'] === 'number' ? need.details['due'] : undefined;
  const who =
    isObject(need.details) && typeof need.details['assignee'] === 'string' ? need.details['assignee'] : undefined;
  return (
    <>
      <div className="question">
        <Mark state="waiting" />
        <div className="grow">
          <h2 className="strong">{asked.title}</h2>
          {(due !== undefined || who !== undefined) && (
            <div className="small t3">
              {[who && `For ${who}`, due !== undefined && dueWords(due)].filter(Boolean).join(' · ')}
            </div>
          )}
          {asked.text !== '' && <PlainMarkdown className="question-text" text={asked.text} />}
        </div>
      </div>
      {need.step !== undefined && document && catalogue && (
        <DecidedItems
          run={run}
          step={need.step}
          port={portNames(document, catalogue, need.node).input[0]?.name ?? 'in'}
          params={document.nodes.find(({ key }) => key === need.node)?.params}
          items={items}
        />
      )}
      {mayAnswer && fields.length > 0 && (
        <div className="col review-form" ref={form}>
          <ReviewFields run={run} fields={fields} values={values} wrong={wrong} change={setValues} />
        </div>
      )}
      {mayAnswer ? <Choices choices={asked.choices} busy={send.isPending} choose={choose} /> : <OperatorsAnswer />}
    </>
  );
}

const dueWords = (due: number): string => {
  const at = isoOf(due);
  return due > Date.now() ? `Until ${soon(at)}` : `Ran out ${ago(at)}`;
};
