import { Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import './copy-button.css';
import { complain } from './desk.ts';
import { useDesk } from './desk-context.tsx';

/** How long the button says that it was copied; milliseconds. */
const saidMs = 2_000;

/** Copies a text, and says so itself: a word over other controls is not needed where one looks already. */
export function CopyButton({ text, label, icon }: { text: string; label: string; icon: ReactNode }) {
  const desk = useDesk();
  const [copied, setCopied] = useState<string>();
  useEffect(() => (copied === undefined ? undefined : desk.later(() => setCopied(undefined), saidMs)), [desk, copied]);
  const copy = async () => {
    try {
      await desk.clipboard.writeText(text);
      setCopied(text);
      desk.store.setState({ said: `Copied ${text}` });
    } catch (error) {
      complain(desk, 'It was not copied.', error);
    }
  };
  return (
    <Button size="sm" onClick={() => void copy()}>
      {copied === text ? <Check className="i i-12" aria-hidden /> : icon}
      <span className="copy-said" data-copied={copied === text}>
        <span>{label}</span>
        {copied === text && <span>Copied</span>}
      </span>
    </Button>
  );
}
