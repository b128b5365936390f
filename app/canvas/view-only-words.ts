import type { Role } from '../../flow/contract/account.ts';

const most = 3;

/** What somebody who may not edit is, and whom to ask. */
export function viewOnlyWords(role: Role, owners: readonly string[]): string {
  const named = owners.slice(0, most).join(', ');
  const ask = named === '' ? 'ask an owner' : `ask ${owners.length === 1 ? 'the owner' : 'an owner'}: ${named}`;
  const may = role === 'operator' ? 'You are an operator here: you can run it.' : `You are a ${role} here.`;
  return `${may} To change it, ${ask}.`;
}
