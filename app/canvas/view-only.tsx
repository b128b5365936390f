import { useQuery } from '@tanstack/react-query';
import type { Role } from '../../flow/contract/account.ts';
import { membersQuery } from '../api/accounts.ts';
import { Tip } from '../ui/tip.tsx';
import { ViewOnlyChip } from './view-only-chip.tsx';
import { viewOnlyWords } from './view-only-words.ts';

/** Says that nothing can be changed here, as what one is in this workspace, and whom to ask. */
export default function ViewOnly({ role }: { role: Role }) {
  const owners = useQuery({
    ...membersQuery,
    select: (all) => all.filter((member) => member.role === 'owner').map(({ name }) => name),
  }).data;
  const text = viewOnlyWords(role, owners ?? []);
  return (
    <Tip text={text}>
      <ViewOnlyChip text={text} />
    </Tip>
  );
}
