import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { complain } from './desk.ts';
import { useDesk } from './desk-context.tsx';

/** Copies a text, and says so. */
export function CopyButton({ text, label, icon }: { text: string; label: string; icon: ReactNode }) {
  const desk = useDesk();
  const copy = async () => {
    try {
      await desk.clipboard.writeText(text);
      desk.say({ title: 'Copied', text });
    } catch (error) {
      complain(desk, 'It was not copied.', error);
    }
  };
  return (
    <Button size="sm" onClick={() => void copy()}>
      {icon}
      {label}
    </Button>
  );
}
