import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import type { Me } from '../../flow/contract/account.ts';
import { ApiError } from '../api/api-error.ts';
import { toFirstWrong } from '../ui/first-wrong.ts';
import { toast } from '../ui/toast.ts';
import './part.css';

/** What each part of the settings gets. */
export interface PartProps {
  readonly me: Me;
  readonly isOwner: boolean;
}

/** A heading with what stands under it. */
export function Part({ title, says, children }: { title: string; says?: ReactNode; children: ReactNode }) {
  return (
    <section className="col gap-10 settings-part">
      <div>
        <h2 className="title">{title}</h2>
        {says && <p className="small t2">{says}</p>}
      </div>
      {children}
    </section>
  );
}

/** A form on one line. */
export function LineForm({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit();
    toFirstWrong(event.currentTarget);
  };
  return (
    <form className="line" onSubmit={submit} noValidate>
      {children}
    </form>
  );
}

/** A change of what a list shows: the list is read again, and trouble is said in a toast. */
export function useChange<Input, Output>(
  list: string,
  what: string,
  change: (input: Input) => Promise<Output>,
  onDone?: (output: Output, input: Input) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: onDone,
    onError: (error) => toast({ state: 'failed', title: what, text: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: [list] }),
  });
}

/** An end of what a list shows. Where somebody else or time was quicker it is gone as was wished, and that is no trouble. */
export const useEnding = (
  list: string,
  words: { readonly failed: string; readonly gone: string },
  end: (id: string) => Promise<unknown>,
  onDone?: () => void,
) =>
  useChange(
    list,
    words.failed,
    async (id: string) => {
      try {
        await end(id);
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
        toast({ title: words.gone });
      }
    },
    onDone,
  );

/** Why somebody who is no owner sees less. */
export const OwnersOnly = () => <p className="t3">Only owners see and change this. Ask one of them.</p>;
