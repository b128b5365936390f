/** The states that the look knows, each with a shape of its own. */
export type Mark = 'running' | 'ok' | 'erred' | 'failed' | 'waiting' | 'doubt' | 'skipped' | 'queued';

/** What a run says of one node: its mark, and the line under its card. */
export interface NodeState {
  readonly mark: Mark;
  readonly foot: string;
  readonly attempts: number;
  /** The node is another than the one that ran: its mark is no longer its own. */
  readonly isEdited?: true;
}

/** The mark that a node wears. */
export const wornMark = (state: NodeState | undefined): Mark | undefined =>
  state && !state.isEdited ? state.mark : undefined;

/** What a run says of one edge. */
export interface EdgeState {
  /** How many items were delivered on it; undefined where the run does not say, as runs of older builds of single turns. */
  readonly count: number | undefined;
  readonly isLive: boolean;
  readonly isFailed: boolean;
  readonly isSkipped: boolean;
}

/** A run drawn over a graph. */
export interface RunPicture {
  readonly nodes: ReadonlyMap<string, NodeState>;
  readonly edges: ReadonlyMap<string, EdgeState>;
}
