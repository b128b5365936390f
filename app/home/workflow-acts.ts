import { store } from '../host/keep.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import * as z from 'zod';
import { navigate } from 'wouter/use-browser-location';
import { blank, createWorkflow, readWorkflow, workflowsQuery } from '../api/workflows.ts';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';
import { toast } from '../ui/toast.ts';
import { fileName } from '../ui/file-name.ts';
import { saveFile } from '../ui/save-file.ts';
import { savesOf } from '../canvas/saving.ts';
import { localDraftsOf } from '../canvas/local-draft.ts';
import { deleteSoon, keep } from './leaving.ts';
import { liveActs } from './live-acts.ts';
import { said, singly } from './said.ts';
import { findUntouched, keepUntouched } from './untouched.ts';
import { asDocument } from './as-document.ts';

/** A name that no workflow of the list has. */
function freeName(known: readonly Pick<ListedWorkflow, 'name'>[] | undefined): string {
  const taken = new Set(known?.map(({ name }) => name));
  const first = 'Untitled workflow';
  for (let n = 2; taken.has(first); n++) if (!taken.has(`${first} ${n}`)) return `${first} ${n}`;
  return first;
}

const named = z.looseObject({ name: z.string() });

/** What a person can do with workflows from a list. Trouble is said in a toast; nothing throws. */
export function useWorkflowActs() {
  const client = useQueryClient();
  return useMemo(() => {
    const again = () => client.invalidateQueries({ queryKey: workflowsQuery.queryKey });
    /** Makes it, opens it. */
    const make = singly(async (document: unknown) => {
      const { id } = await createWorkflow(document);
      void again();
      navigate(`/workflows/${id}`);
    });
    /** The one that was made last and never touched, or a new one. */
    const fresh = singly(async () => {
      const untouched = await findUntouched();
      if (untouched !== undefined) return navigate(`/workflows/${untouched}`);
      const { id, revision } = await createWorkflow(blank(freeName(client.getQueryData(workflowsQuery.queryKey))));
      keepUntouched({ id, revision });
      void again();
      navigate(`/workflows/${id}`);
    });
    return {
      create: () => said('The workflow was not made', fresh()),
      importText: (text: string) => make(asDocument(text)),
      duplicate: ({ id, name }: ListedWorkflow) =>
        said(
          `${name} was not duplicated`,
          readDraft(id).then(async ({ document, isOld }) => {
            const copied = `${name.slice(0, 190)} (copy)`;
            await createWorkflow({ ...named.parse(document), name: copied });
            await again();
            toast({ title: `${copied} is there`, text: isOld ? withoutUnsaved : 'As a draft.' });
          }),
        ),
      download: ({ id, name }: ListedWorkflow) =>
        said(
          `${name} was not downloaded`,
          readDraft(id).then(({ document, isOld }) => {
            saveFile(fileName(name), JSON.stringify(document, null, 2));
            if (isOld) toast({ title: `${name} is downloaded`, text: withoutUnsaved });
          }),
        ),
      ...liveActs(again),
      remove: ({ id, name }: ListedWorkflow) => {
        deleteSoon(id, (error) => {
          if (error) toast({ state: 'failed', title: `${name} was not deleted`, text: error.message });
          void again();
        });
        toast({ title: `${name} is deleted`, undo: () => keep(id) });
      },
    };
  }, [client]);
}

const withoutUnsaved = 'Without changes that are not saved yet: open it to see them.';

/** The draft as it is stored, once what was just being saved is; `isOld` when this browser has more that is not. */
async function readDraft(id: string): Promise<{ document: unknown; isOld: boolean }> {
  await savesOf(id);
  const { document } = await readWorkflow(id);
  return { document, isOld: localDraftsOf(store(), id).length > 0 };
}
