import { Copy, ExternalLink, Square, Terminal } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { soon } from '../ui/when.ts';
import { CopyButton } from './copy-button.tsx';
import type { Desk } from './desk.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import type { Listening } from './editor-state.ts';
import { curlOf, isForm, setRuns, stopListening } from './listening.ts';
import './listen-bar.css';

/** The webhook that waits for a test call, or the form that waits to be sent: where to send it, and how to stop. */
export function ListenBar() {
  const desk = useDesk();
  const listening = useEditor((state) => state.listening);
  return listening && <Bar key={listening.id} desk={desk} listening={listening} />;
}

function Bar({ desk, listening }: { desk: Desk; listening: Listening }) {
  const stop = useRef<HTMLButtonElement>(null);
  useFocusGoesOn(desk, listening.key, stop);
  // The bar of a run lies at the top of the canvas already.
  const isBelow = useEditor(({ shown, usedRun }) => shown !== undefined || usedRun !== undefined);
  const isOfForm = isForm(desk.store, listening);
  return (
    <div className="float listen-bar" role="status" data-below={isBelow}>
      <div className="row">
        <Mark state="waiting" small />
        <b>{isOfForm ? 'Waiting for the form to be sent' : 'Listening for a test call'}</b>
        <span className="t3 small">until {soon(listening.until)}</span>
        <span className="grow" />
        <Button ref={stop} size="sm" tone="quiet" onClick={() => stopListening(desk)}>
          <Square className="i i-12" aria-hidden />
          Stop
        </Button>
      </div>
      <code className="mono-s to-copy">{listening.url}</code>
      <div className="row wrap">
        {isOfForm && (
          <a className="btn sm" href={listening.url} target="_blank" rel="noreferrer">
            <ExternalLink className="i i-12" aria-hidden />
            Open the form
          </a>
        )}
        <CopyButton text={listening.url} label="Copy URL" icon={<Copy className="i i-12" aria-hidden />} />
        {!isOfForm && (
          <CopyButton text={curlOf(listening)} label="Copy curl" icon={<Terminal className="i i-12" aria-hidden />} />
        )}
        <label className="row small">
          <input type="checkbox" checked={listening.runs} onChange={({ target }) => setRuns(desk, target.checked)} />
          {isOfForm ? 'Run the draft with it' : 'Run the draft with it and answer the caller'}
        </label>
      </div>
    </div>
  );
}

/** The button that began it is gone, so the focus comes here; as the bar goes, it goes on to the call that came, or back to the graph. */
function useFocusGoesOn(desk: Desk, key: string, stop: RefObject<HTMLButtonElement | null>): void {
  useLayoutEffect(() => {
    const button = stop.current;
    const bar = button?.closest('.listen-bar');
    const pin = () => desk.store.getState().history.document.pins?.[key];
    const before = pin();
    if (document.activeElement === document.body) button?.focus();
    return () => {
      if (!bar?.contains(document.activeElement)) return;
      // A draft that cannot run with the call opened its issues, which lie over the data.
      const isIssues = desk.store.getState().side === 'issues';
      desk.focus(pin() === before ? 'graph' : isIssues ? 'issues' : 'data');
    };
  }, [desk, key, stop]);
}
