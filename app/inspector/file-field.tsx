import { useMutation } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { fileHandle } from '../../flow/contract/file.ts';
import { Button } from '../ui/button.tsx';
import { bytes } from '../ui/figures.ts';
import { Field } from '../ui/field.tsx';
import { keepFile, largestFile } from '../api/run-files.ts';

interface FileFieldProps {
  readonly label: string;
  readonly help: string | undefined;
  readonly error: string | undefined;
  /** The run that the file goes into. */
  readonly run: string;
  /** The handle of the file that was chosen. */
  readonly value: unknown;
  readonly set: (value: unknown) => void;
}

/** A file that goes with an answer: it is sent when it is chosen, and the answer names it. */
export function FileField({ label, help, error, run, value, set }: FileFieldProps) {
  const send = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > largestFile)
        throw new Error(`${file.name} has ${bytes(file.size)}. Choose one of ${bytes(largestFile)} or less.`);
      return keepFile(run, file);
    },
    onSuccess: set,
  });
  const chosen = fileHandle.safeParse(value).data;
  const trouble = error ?? send.error?.message;
  const says = send.isPending ? 'Sending…' : help;
  return (
    <Field label={label} help={says} error={send.isPending ? undefined : trouble}>
      {(wiring) =>
        chosen ? (
          <div className="row small">
            <span className="cut" title={chosen.name}>
              {chosen.name}
            </span>
            <span className="t3 num">{bytes(chosen.size)}</span>
            <Button
              tone="quiet"
              size="sm"
              className="icon"
              aria-label={`Remove ${chosen.name}`}
              onClick={() => set(undefined)}
            >
              <X className="i i-14" aria-hidden />
            </Button>
          </div>
        ) : (
          <input
            {...wiring}
            type="file"
            className="input"
            disabled={send.isPending}
            onChange={({ target }) => {
              const [file] = target.files ?? [];
              if (file) send.mutate(file);
            }}
          />
        )
      }
    </Field>
  );
}
