const listeners = new Set<() => void>();

/** Calls back when the server says that a role does not reach for what was asked; gives the way to stop. */
export function onForbidden(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Tells of a refusal for want of a role: what is known of the role is too old. */
export function noteRefusal(status: number, code: string): void {
  if (status === 403 && code === 'forbidden') for (const listener of listeners) listener();
}
