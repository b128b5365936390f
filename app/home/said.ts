import { toast } from '../ui/toast.ts';

/** Waits for work and says in a toast when it fails. Never throws. */
export async function said(title: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    toast({ state: 'failed', title, text: error instanceof Error ? error.message : String(error) });
  }
}
