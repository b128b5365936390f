import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { credentialsQuery, deleteCredential, usesQuery } from '../api/credentials.ts';
import type { Credential } from '../../flow/contract/credential.ts';
import { Confirm } from '../ui/confirm.tsx';
import { toast } from '../ui/toast.ts';
import { counted } from '../ui/when.ts';

interface RemoveProps {
  readonly one: Credential;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before a credential goes for good, and says which workflows will miss it. */
export function RemoveCredential({ one, onClose, onDone }: RemoveProps) {
  const client = useQueryClient();
  const uses = useQuery(usesQuery(one.id));
  const remove = useMutation({
    mutationFn: () => deleteCredential(one.id),
    onSuccess: onDone,
    onError: (error) => toast({ state: 'failed', title: `${one.name} was not removed`, text: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: credentialsQuery.queryKey }),
  });
  return (
    <Confirm
      open
      title={`Remove ${one.name}?`}
      says={`${usesInWords(uses.data?.map(({ name }) => name))} It cannot be brought back.`}
      act="Remove"
      keep="Keep it"
      busy={remove.isPending}
      onAct={() => remove.mutate()}
      onClose={onClose}
    />
  );
}

/** Who will miss it, in a sentence. */
export function usesInWords(names: readonly string[] | undefined): string {
  if (!names) return 'Workflows that use it will fail.';
  if (names.length === 0) return 'No workflow uses it.';
  const shown = names.slice(0, 5).join(', ');
  const more = names.length > 5 ? ` and ${counted(names.length - 5, 'more workflow')}` : '';
  return `${shown}${more} will fail without it.`;
}
