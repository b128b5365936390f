import { createContext } from 'react';
import type { ComponentType } from 'react';
import type { Edge } from '../../flow/document/workflow.ts';
import type { NoteNode } from './flow-model.ts';
import type { Point } from './geometry.ts';

/** What an editor puts in the place of parts that are only looked at elsewhere. */
export interface GraphParts {
  readonly Title: ComponentType<{ nodeKey: string; title: string }>;
  readonly Note: ComponentType<{ note: NoteNode['data']['note']; selected: boolean }>;
  /** What can be done to an edge, beside the pointer or in its middle; `isPointedAt` for a pointer that may only pass by. */
  readonly EdgeTools: ComponentType<{ edge: Edge; at: Point; isPointedAt: boolean }>;
}

/** The parts of the editor around; undefined where the graph is only looked at. */
export const GraphPartsContext = createContext<GraphParts | undefined>(undefined);
