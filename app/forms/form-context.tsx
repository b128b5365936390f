import { createContext, use } from 'react';
import type { Issue } from '../../flow/document/workflow.ts';
import type { Samples } from './expression-result.ts';
import type { KeptRoom } from './kept.ts';

/** What every field of a form may ask: the data around the node, what is wrong, and the params as a whole. */
export interface FormWorld {
  readonly samples: Samples;
  readonly issues: readonly Issue[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly zone: string;
  /** A run is over that is shown here: where no items came, another would not bring them. */
  readonly hasRun?: boolean;
  /** Somebody was in a field and left it: from now on it may say what is wrong with it. */
  readonly leave?: (path: string) => void;
  /** Keeps what was typed and cannot be stored. */
  readonly kept?: KeptRoom;
}

export const FormContext = createContext<FormWorld | undefined>(undefined);

/** The form around; only inside one. */
export function useForm(): FormWorld {
  const world = use(FormContext);
  if (!world) throw new Error('This part belongs into a form.');
  return world;
}
