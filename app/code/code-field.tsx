import { Maximize2, Minimize2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { keep, kept } from '../host/keep.ts';
import type { Wiring } from '../ui/wiring.ts';
import { hasOpenLayer } from './open-layers.ts';
import { openEditor } from './open-monaco.ts';
import type { CodeEditor } from './open-monaco.ts';
import { classes } from '../ui/class-names.ts';
import { useReadOnly } from '../ui/viewed.tsx';
import { IconButton } from '../ui/button.tsx';
import './code-field.css';

interface CodeFieldProps {
  readonly wiring: Wiring;
  readonly value: string;
  readonly language: string;
  /** What stands there in grey while there is nothing. */
  readonly placeholder: string | undefined;
  readonly onChange: (value: string) => void;
  /** Whoever pressed where it was to be, or was led there, before it was there, writes in it. */
  readonly takesFocus: boolean;
}

/** Source text in Monaco, which is loaded with this file and never before. */
export default function CodeField({ wiring, value, language, placeholder, onChange, takesFocus }: CodeFieldProps) {
  const [isWide, setWide] = useState(wasWide);
  const isReadOnly = useReadOnly();
  const room = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor>(undefined);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  useEffect(() => {
    if (!room.current) return;
    const opened = openEditor(room.current, {
      value: '',
      language,
      placeholder,
      isReadOnly,
      label: wiring['aria-label'],
      tell: (text) => tell.current(text),
    });
    editor.current = opened;
    return () => opened.close();
  }, [language, placeholder, isReadOnly, wiring['aria-label']]);
  useEffect(() => editor.current?.show(value), [value, language, placeholder, isReadOnly]);
  useEffect(() => {
    if (takesFocus) editor.current?.focus();
  }, [takesFocus]);
  // One Escape closes one thing, the innermost first: Monaco lets some of its own close by the key and passes it on.
  const wasOver = useRef(false);
  const look = ({ key }: KeyboardEvent) => {
    wasOver.current = key === 'Escape' && hasOpenLayer();
  };
  const hold = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !(wasOver.current || event.nativeEvent.isComposing)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes('code-field', isWide && 'is-wide')} onKeyDownCapture={look} onKeyDown={hold}>
      <div className="code-tools">
        <IconButton
          label={isWide ? 'Shrink the panel' : 'Expand the panel'}
          size="sm"
          onClick={() => {
            keepWide(!isWide);
            setWide(!isWide);
          }}
        >
          {isWide ? <Minimize2 className="i i-14" aria-hidden /> : <Maximize2 className="i i-14" aria-hidden />}
        </IconButton>
      </div>
      {/* Monaco's menu hangs in the room and asks for the colours of its theme. */}
      <div ref={room} className="code-room monaco-component" />
    </div>
  );
}

const place = 'heddle.code-wide';

/** Whether whoever sits here last wrote code in a wide panel. */
const wasWide = (): boolean => kept(place) === 'yes';

const keepWide = (isWide: boolean): boolean => keep(place, isWide ? 'yes' : 'no');
