import type { ComputeElsewhere } from '../../nodes/kit/computation.ts';
import type { NodeOutcome } from '../../nodes/kit/perform.ts';
import type { Call, Ready } from './carry-node.ts';
import type { FilledItems } from './params-away.ts';

/** What is done for a workspace in other processes, because it would hold this one (E4). */
export interface Computing {
  /** Carries out a pure node of this build with its whole batch; throws what it would have thrown here, or why its process ended. */
  node(workspace: string, call: Call, ready: Ready): Promise<NodeOutcome>;
  /** Works out params of a node of this build for items of its batch; what they throw is among what it gives. Throws why its process ended. */
  params(workspace: string, call: Call, ready: Ready, items: readonly number[]): Promise<FilledItems>;
  /** Computations of a workspace; each throws the fault that it would have thrown here, or says why its process ended. */
  for(workspace: string): ComputeElsewhere;
}
