import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import * as z from 'zod';
import { navigate } from 'wouter/use-browser-location';
import { blank, createWorkflow, readWorkflow, workflowsQuery } from '../api/workflows.ts';
import type { Listed } from '../api/workflows.ts';
import { forgetOpened } from '../shell/recent.ts';
import { toast } from '../ui/toast.ts';
import { saveFile } from '../ui/save-file.ts';
import { deleteSoon, keep } from './leaving.ts';

const named = z.looseObject({ name: z.string() });

/** What a person can do with workflows from a list. Trouble is said in a toast; nothing throws. */
export function useWorkflowActs() {
  const client = useQueryClient();
  return useMemo(() => {
    const again = () => client.invalidateQueries({ queryKey: workflowsQuery.queryKey });
    /** Makes it, opens it. */
    const make = async (document: unknown) => {
      const { id } = await createWorkflow(document);
      void again();
      navigate(`/workflows/${id}`);
    };
    return {
      create: () => said('The workflow was not made', make(blank('Untitled workflow'))),
      importText: (text: string) => make(asDocument(text)),
      duplicate: ({ id, name }: Listed) =>
        said(
          `${name} was not duplicated`,
          readWorkflow(id).then(async ({ document }) => {
            const copied = `${name.slice(0, 190)} (copy)`;
            await createWorkflow({ ...named.parse(document), name: copied });
            await again();
            toast({ title: `${copied} is there`, text: 'As a draft.' });
          }),
        ),
      download: ({ id, name }: Listed) =>
        said(
          `${name} was not downloaded`,
          readWorkflow(id).then(({ document }) => saveFile(fileName(name), JSON.stringify(document, null, 2))),
        ),
      remove: ({ id, name }: Listed) => {
        forgetOpened(id);
        deleteSoon(id, (error) => {
          if (error) toast({ state: 'failed', title: `${name} was not deleted`, text: error.message });
          void again();
        });
        toast({ title: `${name} is deleted`, undo: () => keep(id) });
      },
    };
  }, [client]);
}

/** A name that every file system takes. */
const fileName = (name: string): string =>
  `${
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'workflow'
  }.json`;

function asDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('It is not JSON. Take what Heddle exported or copied.');
  }
}

async function said(title: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    toast({ state: 'failed', title, text: error instanceof Error ? error.message : String(error) });
  }
}
