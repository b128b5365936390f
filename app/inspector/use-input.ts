import { useQuery } from '@tanstack/react-query';
import { listQuery } from '../api/run.ts';

/** A step of a run that asks somebody, and its first input. */
export interface Asking {
  readonly run: string;
  readonly step: string;
  readonly port: string;
  /** What went into it, where that is known already. */
  readonly items: readonly unknown[] | undefined;
}

/** What went into a step that asks; undefined while it is on its way. */
export function useInput({ run, step, port, items }: Asking): readonly unknown[] | undefined {
  const asked = useQuery({ ...listQuery({ run, step, side: 'input', port }, ''), enabled: items === undefined });
  return items ?? asked.data?.items;
}
