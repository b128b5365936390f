import { useEffect, useRef } from 'react';
import type { Wiring } from '../forms/expression-field.tsx';
import { openEditor } from './open-monaco.ts';
import type { CodeEditor } from './open-monaco.ts';

interface CodeFieldProps {
  readonly wiring: Wiring;
  readonly value: string;
  readonly language: string;
  readonly onChange: (value: string) => void;
}

/** Source text in Monaco, which is loaded with this file and never before. */
export default function CodeField({ wiring, value, language, onChange }: CodeFieldProps) {
  const room = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor>(undefined);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  useEffect(() => {
    const place = room.current;
    if (!place) return;
    const opened = openEditor(place, {
      value: '',
      language,
      label: wiring['aria-label'],
      tell: (text) => tell.current(text),
    });
    editor.current = opened;
    return () => opened.close();
  }, [language, wiring['aria-label']]);
  useEffect(() => editor.current?.show(value), [value, language]);
  return (
    <div
      ref={room}
      className="code-room"
      style={{
        // All that the panel leaves, and never so little that nothing can be read.
        height: 'clamp(260px, 60vh, 720px)',
        resize: 'vertical',
        background: 'var(--surface)',
        border: '1px solid var(--line-strong)',
        borderRadius: 5,
        overflow: 'hidden',
      }}
    />
  );
}
