import { publishVersion, unpublishWorkflow } from '../api/workflows.ts';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';
import { toast } from '../ui/toast.ts';
import { said } from './said.ts';

/** Turning workflows off and on. `again` reads the list anew. */
export function liveActs(again: () => Promise<unknown>) {
  const on = (id: string, name: string, version: number) =>
    said(
      `${name} was not turned on`,
      publishVersion(id, version).then(async () => {
        await again();
        toast({ title: `${name} is live`, text: `Version ${version}, as it was.` });
      }),
    );
  return {
    /** The version goes off line; the toast puts it on again as it was. */
    turnOff: ({ id, name, published }: ListedWorkflow) =>
      said(
        `${name} was not turned off`,
        unpublishWorkflow(id).then(async () => {
          await again();
          toast({
            title: `${name} is off`,
            text: 'Nothing starts it by itself. Runs under way go on.',
            ...(published ? { undo: () => void on(id, name, published) } : {}),
          });
        }),
      ),
    turnOn: ({ id, name, latest }: ListedWorkflow) => (latest ? on(id, name, latest) : Promise.resolve()),
  };
}
