import { Copy, Square, Terminal } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { CopyButton } from './copy-button.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import { curlOf, stopListening } from './listening.ts';
import './listen-bar.css';

/** The webhook that waits for a test call: where to send it, and how to stop. */
export function ListenBar() {
  const desk = useDesk();
  const listening = useEditor((state) => state.listening);
  if (!listening) return null;
  const until = new Date(listening.until).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return (
    <div className="float listen-bar" role="status">
      <div className="row">
        <Mark state="waiting" small />
        <b>Listening for a test call</b>
        <span className="t3 small">until {until}</span>
        <span className="grow" />
        <Button
          size="sm"
          tone="quiet"
          onClick={() => {
            stopListening(desk);
            // The button that had the focus goes away with the bar.
            desk.focus('graph');
          }}
        >
          <Square className="i i-12" aria-hidden />
          Stop
        </Button>
      </div>
      <code className="mono-s to-copy">{listening.url}</code>
      <div className="row wrap">
        <CopyButton text={listening.url} label="Copy URL" icon={<Copy className="i i-12" aria-hidden />} />
        <CopyButton text={curlOf(listening)} label="Copy curl" icon={<Terminal className="i i-12" aria-hidden />} />
        <label className="row small">
          <input
            type="checkbox"
            checked={listening.runs}
            onChange={({ target }) => desk.store.setState({ listening: { ...listening, runs: target.checked } })}
          />
          Run the draft with it
        </label>
      </div>
    </div>
  );
}
