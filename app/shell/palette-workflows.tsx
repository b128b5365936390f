import { useQuery } from '@tanstack/react-query';
import { Command as Cmdk, useCommandState } from 'cmdk';
import { useLocation } from 'wouter';
import { workflowsQuery } from '../api/workflows.ts';
import { useLeaving } from '../home/leaving.ts';
import { useOpened } from '../host/opened.ts';
import { Cut } from '../ui/cut.tsx';
import { workflowChoices } from './workflow-choices.ts';
import './palette-workflows.css';

/** What tells a workflow from a command where both are found: a command of the same name stands first. */
export const isWorkflow = '\u0000workflow';

/** Workflows by name, to be opened: those of this workspace that were opened last, and what is typed among all of them. */
export function PaletteWorkflows({ open }: { open: (path: string) => void }) {
  const words = useCommandState(({ search }) => search);
  const [path] = useLocation();
  const opened = useOpened();
  const leaving = useLeaving();
  const workflows = useQuery(workflowsQuery);
  const here = /^\/workflows\/([^/]+)/.exec(path)?.[1];
  const all = (workflows.data ?? []).filter(({ id }) => !leaving.has(id));
  const found = workflowChoices(all, { opened, words, here });
  if (workflows.isPending && words.trim() !== '')
    return <Cmdk.Loading className="palette-says">Loading workflows…</Cmdk.Loading>;
  if (workflows.error && !workflows.data && words.trim() !== '')
    return (
      <div className="palette-says" role="status">
        Workflows did not load: {workflows.error.message}
      </div>
    );
  if (found.length === 0) return null;
  return (
    <Cmdk.Group heading={words.trim() === '' ? 'Recent workflows' : 'Workflows'}>
      {found.map(({ id, name }) => (
        <Cmdk.Item
          key={id}
          className="menu-item"
          value={`${name} ${id}`}
          keywords={[isWorkflow]}
          onSelect={() => open(`/workflows/${id}`)}
        >
          <Cut text={name} />
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}
