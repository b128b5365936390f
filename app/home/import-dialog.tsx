import { useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { TextArea } from '../ui/text-area.tsx';
import './import-dialog.css';

interface ImportProps {
  readonly open: boolean;
  readonly close: () => void;
  /** Makes a workflow of it and goes there; what it throws is shown here. */
  readonly make: (text: string) => Promise<void>;
}

/** A workflow from a file or from the clipboard, as the JSON that Heddle exports. */
export function ImportDialog({ open, close, make }: ImportProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const take = async (taken: string) => {
    setBusy(true);
    setError(undefined);
    try {
      await make(taken);
      setText('');
      close();
    } catch (caught) {
      setText(taken);
      setError(caught instanceof Error ? caught.message : String(caught));
    }
    setBusy(false);
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title="Import a workflow"
      says="It comes as a draft: nothing starts by itself until you publish. Connections do not come along."
      foot={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button tone="primary" busy={isBusy} disabled={text.trim() === ''} onClick={() => void take(text)}>
            Import
          </Button>
        </>
      }
    >
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="A workflow as JSON"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = '';
          if (chosen) void chosen.text().then(take);
        }}
      />
      <Field label="Workflow as JSON" error={error} help="Paste it here, drop a file, or choose one.">
        {(wiring) => (
          <TextArea
            {...wiring}
            className="input tall mono-s import-text"
            placeholder={'{ "heddle": 1, "name": … }'}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onDrop={(event) => {
              const [dropped] = event.dataTransfer.files;
              if (!dropped) return;
              event.preventDefault();
              void dropped.text().then(setText);
            }}
          />
        )}
      </Field>
      <div>
        <Button size="sm" onClick={() => file.current?.click()}>
          Choose a file
        </Button>
      </div>
    </Dialog>
  );
}
