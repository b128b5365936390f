import { useQuery } from '@tanstack/react-query';
import type { Role } from '../../flow/contract/account.ts';
import { membersQuery } from '../api/accounts.ts';
import { Tip } from '../ui/tip.tsx';
import { toast } from '../ui/toast.ts';
import { ViewOnlyChip } from './view-only-chip.tsx';

/** Says that nothing can be changed here, as what one is in this workspace, and whom to ask. */
export default function ViewOnly({ role }: { role: Role }) {
  const owners = useQuery({
    ...membersQuery,
    select: (all) => all.filter((member) => member.role === 'owner').map(({ name }) => name),
  }).data;
  const text = viewOnlyWords(role, owners ?? []);
  return (
    <Tip text={text}>
      {/* A finger has no tips: what it says is told when it is pressed, too. */}
      <ViewOnlyChip aria-description={text} onClick={() => toast({ title: 'View only', text, about: 'view only' })} />
    </Tip>
  );
}

const most = 3;

/** What somebody who may not edit is, and whom to ask. */
export function viewOnlyWords(role: Role, owners: readonly string[]): string {
  const named = owners.slice(0, most).join(', ');
  const ask = named === '' ? 'ask an owner' : `ask ${owners.length === 1 ? 'the owner' : 'an owner'}: ${named}`;
  const may = role === 'operator' ? 'You are an operator here: you can run it.' : `You are a ${role} here.`;
  return `${may} To change it, ${ask}.`;
}
