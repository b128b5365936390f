import { Pencil, Pin, PinOff, Radio } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Pinned } from '../../flow/document/workflow.ts';
import { commandById } from './commands/editor-commands.ts';
import { Button } from '../ui/button.tsx';
import { complain } from './desk.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import { edit } from './editing.ts';
import type { EditorStore } from './editor-state.ts';
import { isHeard, listen, listenWords, sampleCall } from './listening.ts';
import { mayEdit } from './may-edit.ts';
import { pinBeyondRun, portsOf, readPin, shownOutput, wholeOutput } from './pinning.ts';
import { nodesOfUsedRun } from './used-data.ts';
import { TextArea } from '../ui/text-area.tsx';
import './pin-tools.css';

/** The output that stands in for a node's own: pin it, let it go, write it by hand. Around what the node gave. */
export function PinTools({ node, children }: { node: string; children: ReactNode }) {
  const desk = useDesk();
  const { store } = desk;
  const pinned = useEditor(({ history }) => history.document.pins?.[node]);
  const may = useEditor(mayEdit);
  const heard = useEditor(({ history }) => history.document.nodes.find((one) => one.key === node && isHeard(one)));
  const given = useEditor((state) => shownOutput(state, node) !== undefined);
  const isBeyond = useEditor((state) => pinBeyondRun(state, node) !== undefined);
  const isUnused = useEditor((state) => nodesOfUsedRun(state).has(node));
  const isListening = useEditor(({ listening }) => listening?.key === node);
  const kept = keptTexts(store);
  // What was being written when another node was chosen goes on.
  const [isEditing, setEditing] = useState(kept.has(node));
  const [begin, setBegin] = useState<Pinned>();
  const editButton = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  // The editor that had the focus is gone: the focus goes back to what opened it.
  useEffect(() => {
    if (wasEditing.current && !isEditing) editButton.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  const close = () => {
    setEditing(false);
    if (kept.has(node))
      desk.say({ title: 'The output is not pinned', text: 'What you wrote is kept: press Edit output to go on.' });
  };
  const first = (): Pinned => {
    return pinned ?? begin ?? (heard?.type === 'start.webhook' ? sampleCall(heard) : [{}]);
  };
  const open = async () => {
    try {
      // What was left at the server is fetched before it is written on.
      setBegin(kept.has(node) ? undefined : await wholeOutput(store.getState(), node));
      setEditing(true);
    } catch (error) {
      complain(desk, 'The output did not load.', error);
    }
  };
  return (
    <>
      {(may || pinned) && (
        <div className="pin-tools" role="group" aria-label="Pinned output">
          {pinned ? (
            <span className="chip" title={isUnused ? 'The data of the run is used instead.' : undefined}>
              {isUnused ? 'Pin not used' : 'Pinned'}: {countWords(pinned)}
            </span>
          ) : null}
          {/* What is being written is pinned below it: here it would be what stood there before. */}
          {may && !isEditing && (pinned !== undefined || given) && (
            <Button size="sm" onClick={() => void commandById('node.pin').run(desk)}>
              {pinned ? <PinOff className="i i-12" aria-hidden /> : <Pin className="i i-12" aria-hidden />}
              {pinned ? 'Unpin' : 'Pin output'}
            </Button>
          )}
          {isEditing && !pinned && <span className="chip">Output to pin</span>}
          {may && !isEditing && (
            <Button ref={editButton} size="sm" data-focus="data" onClick={() => void open()}>
              <Pencil className="i i-12" aria-hidden />
              Edit output
            </Button>
          )}
          {may && heard && !isListening && !isEditing && (
            <Button size="sm" onClick={() => void listen(desk, node)}>
              <Radio className="i i-12" aria-hidden />
              {listenWords(heard)}
            </Button>
          )}
        </div>
      )}
      {may && isEditing ? (
        <PinEditor node={node} begin={JSON.stringify(first(), null, 2)} close={close} />
      ) : isBeyond ? (
        <pre className="mono-s pinned-output scrolls" tabIndex={0} role="group" aria-label="What is pinned">
          {JSON.stringify(pinned, null, 2)}
        </pre>
      ) : (
        children
      )}
    </>
  );
}

const texts = new WeakMap<EditorStore, Map<string, string>>();

/** What was written for the outputs of nodes and is not pinned, by their keys. */
function keptTexts(store: EditorStore): Map<string, string> {
  const known = texts.get(store) ?? new Map<string, string>();
  texts.set(store, known);
  return known;
}

function countWords(pin: Pinned): string {
  const items = Array.isArray(pin) ? pin.length : Object.values(pin).reduce((sum, list) => sum + list.length, 0);
  return items === 1 ? '1 item' : `${items} items`;
}

interface PinEditorProps {
  readonly node: string;
  readonly begin: string;
  readonly close: () => void;
}

function PinEditor({ node, begin, close }: PinEditorProps) {
  const { store } = useDesk();
  const kept = keptTexts(store);
  const [text, setText] = useState(kept.get(node) ?? begin);
  const drop = () => {
    kept.delete(node);
    close();
  };
  const [wrong, setWrong] = useState<string>();
  const keep = () => {
    const read = readPin(text, portsOf(store.getState(), node));
    if ('wrong' in read) return setWrong(read.wrong);
    edit(store, { do: 'set-pin', key: node, pinned: read.pinned }, 'Edit the pinned output');
    drop();
  };
  return (
    <div className="pin-editor">
      <TextArea
        className="input mono-s"
        aria-label="Output as JSON"
        aria-invalid={wrong !== undefined}
        aria-describedby={wrong === undefined ? undefined : 'pin-wrong'}
        spellCheck={false}
        autoFocus
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          kept.set(node, target.value);
          setWrong(undefined);
        }}
        // Who comes back to it sees it at once; who pins it is told again.
        onBlur={() => {
          const read = readPin(text, portsOf(store.getState(), node));
          setWrong('wrong' in read ? read.wrong : undefined);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) keep();
          if (event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey)))
            event.stopPropagation();
        }}
      />
      {wrong !== undefined && (
        <p id="pin-wrong" className="small pin-wrong" role="alert">
          {wrong}
        </p>
      )}
      <div className="row">
        <Button size="sm" tone="primary" onClick={keep}>
          Pin this
        </Button>
        <Button size="sm" onClick={drop}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
