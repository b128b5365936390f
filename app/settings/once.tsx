import { Copy } from 'lucide-react';
import { useEffect, useId } from 'react';
import { Button } from '../ui/button.tsx';
import { clipboard } from '../ui/clipboard.ts';
import { Mark } from '../ui/mark.tsx';
import { toast } from '../ui/toast.ts';
import { TextInput } from '../ui/text-input.tsx';
import './once.css';

/** Something that is shown this once: a key, an invitation's link. */
export function Once({ title, says, value, done }: { title: string; says: string; value: string; done: () => void }) {
  const id = useId();
  // What was pressed is gone: who made it finds it selected, to be copied.
  useEffect(() => document.getElementById(id)?.focus(), [id]);
  const copy = async () => {
    try {
      await clipboard.writeText(value);
      toast({ title: 'Copied' });
    } catch {
      document.getElementById(id)?.focus();
      toast({ state: 'failed', title: 'Not copied', text: 'The browser does not allow it here. Copy it by hand.' });
    }
  };
  return (
    <div className="note-bar" data-state="ok" role="status">
      <Mark state="ok" />
      <div className="grow">
        <b>{title}</b> {says}
        <div className="row once-shown">
          <TextInput
            id={id}
            className="input mono"
            aria-label={title}
            readOnly
            value={value}
            onFocus={(event) => event.target.select()}
          />
          <Button onClick={() => void copy()}>
            <Copy className="i i-14" aria-hidden />
            Copy
          </Button>
          <Button tone="quiet" onClick={done}>
            Done
          </Button>
        </div>
      </div>
    </div>
  );
}
