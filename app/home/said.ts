import { toast } from '../ui/toast.ts';

/** Waits for work and says in a toast when it fails. Never throws. */
export async function said(title: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    toast({ state: 'failed', title, text: error instanceof Error ? error.message : String(error) });
  }
}

/** The same work, which is not begun again while it is under way: two presses are one, and both are told of its end. */
export function singly<Args extends readonly unknown[], Told>(
  work: (...args: Args) => Promise<Told>,
): (...args: Args) => Promise<Told> {
  let underWay: Promise<Told> | undefined;
  return (...args) => {
    underWay ??= work(...args).finally(() => void (underWay = undefined));
    return underWay;
  };
}
