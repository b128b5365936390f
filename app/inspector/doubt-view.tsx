import { brokenWords } from '../../flow/values/broken-json.ts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Need } from '../../flow/contract/run.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { preview } from './json-lines.ts';
import { itemsOfNeed } from './need-words.ts';
import type { Asked } from './need-words.ts';
import { Choices, placeOf } from './answering.tsx';
import type { Send } from './answering.tsx';
import { TextArea } from '../ui/text-area.tsx';
import './doubt-view.css';

interface DoubtProps {
  readonly need: Need;
  readonly asked: Asked;
  readonly items: readonly unknown[] | undefined;
  readonly send: Send;
  /** What may have been sent. */
  readonly children?: ReactNode;
}

const mostShown = 50;

/** A doubt: answered for all of its items at once, or one by one; what counts as sent may bring the reply along. */
export function DoubtView({ need, asked, items, send, children }: DoubtProps) {
  const inDoubt = itemsOfNeed(need);
  const [isSingle, setSingle] = useState(false);
  const [isReplying, setReplying] = useState(false);
  const [reply, setReply] = useState('');
  const output = readReply(reply);
  const say = (answer: string, words: string, item?: number) =>
    send.mutate({
      answers: [
        {
          ...placeOf(need),
          ...(item === undefined ? {} : { item }),
          answer,
          ...(answer === 'sent' && isReplying && output.ok && output.value !== undefined
            ? { output: output.value }
            : {}),
        },
      ],
      words,
    });
  return (
    <>
      {children}
      <Choices isEven choices={asked.choices} busy={send.isPending} choose={({ answer, title }) => say(answer, title)}>
        <Button aria-expanded={isReplying} onClick={() => setReplying(!isReplying)}>
          Mark as sent, with a reply
        </Button>
        <span>You paste what came back; it goes on with that.</span>
      </Choices>
      {isReplying && (
        <div className="col doubt-more">
          <Field
            label="Response of the service, as JSON"
            help="Goes on as this step’s output."
            error={output.ok ? undefined : `This is not JSON. ${brokenWords(reply)}`}
          >
            {(wiring) => (
              <TextArea
                className="input tall mono-s"
                {...wiring}
                value={reply}
                onChange={(event) => setReply(event.target.value)}
              />
            )}
          </Field>
          <Button
            size="sm"
            busy={send.isPending}
            disabled={!output.ok || output.value === undefined}
            onClick={() => say('sent', 'Marked as sent, with the reply.')}
          >
            Mark as sent with this
          </Button>
        </div>
      )}
      {inDoubt.length > 1 && (
        <Button size="sm" tone="quiet" aria-expanded={isSingle} onClick={() => setSingle(!isSingle)}>
          {isSingle ? 'Answer for all at once' : `Answer one by one, ${inDoubt.length} items`}
        </Button>
      )}
      {isSingle && (
        <ul className="doubts">
          {inDoubt.slice(0, mostShown).map((item) => (
            <li key={item}>
              <span className="num t3">{item + 1}</span>
              <span className="mono-s cut grow" title={preview(items?.[item], 400)}>
                {items ? preview(items[item], 60) : `Item ${item + 1}`}
              </span>
              {asked.choices.map(({ answer, title }) => (
                <Button
                  key={answer}
                  size="sm"
                  aria-label={`${shortTitles[answer] ?? title}: item ${item + 1}`}
                  busy={send.isPending}
                  onClick={() => say(answer, `Item ${item + 1}: ${title}`, item)}
                >
                  {shortTitles[answer] ?? title}
                </Button>
              ))}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const shortTitles: Readonly<Record<string, string>> = { sent: 'Sent', again: 'Again', fail: 'Fail' };

function readReply(text: string): { ok: true; value: unknown } | { ok: false } {
  if (text.trim() === '') return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}
