import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Catalogue, NodeCard } from '../../flow/document/card.ts';
import type { Edge, Issue, Workflow } from '../../flow/document/workflow.ts';
import type { Credential } from '../api/credentials.ts';
import { nothingTold } from './calm.ts';
import type { Told } from './calm.ts';
import type { End } from './connect.ts';
import { freshDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Point } from './geometry.ts';
import { begin } from './history.ts';
import type { History } from './history.ts';
import { nothing } from './piece.ts';
import type { Selection } from './piece.ts';
import type { OpenedWorkflow, Run, Step } from './remote-shapes.ts';

/** Where the picker stands open, and what it will wire its node to. Places are of the canvas. */
export interface Picking {
  readonly at: Point;
  readonly from?: End;
  readonly into?: End;
  readonly edge?: Edge;
}

/** Whose connections are being made or taken away from a list. */
export interface Linking {
  readonly key: string;
  readonly act: 'connect' | 'disconnect';
}

/** A title that is being written, on the card or in the outline. */
export interface Naming {
  readonly key: string;
  readonly where: 'canvas' | 'outline';
}

/** The run that the canvas shows. */
export interface ShownRun {
  readonly id: string;
  readonly run: Run | undefined;
  readonly steps: readonly Step[];
  /** Steps were worked out before the last edit of what they are about. */
  readonly document: Workflow;
}

/** All that the editor shows and a reload may lose; what must not be lost lies in history and draft. */
export interface EditorState {
  readonly id: string;
  readonly cards: readonly NodeCard[];
  readonly catalogue: Catalogue;
  readonly history: History;
  readonly draft: Draft;
  readonly published: OpenedWorkflow['published'];
  readonly selection: Selection;
  readonly issues: readonly Issue[];
  readonly told: Told;
  /** The workspace's credentials; undefined while they are not known. */
  readonly credentials: readonly Pick<Credential, 'name' | 'type'>[] | undefined;
  readonly shown: ShownRun | undefined;
  readonly picking: Picking | undefined;
  readonly linking: Linking | undefined;
  /** The panel on the left. */
  readonly side: 'palette' | 'outline' | 'issues' | 'none';
  readonly isDataOpen: boolean;
  readonly isPublishOpen: boolean;
  /** The node whose title is being written on its card. */
  readonly naming: Naming | undefined;
  /** The note whose text is being written. */
  readonly writing: string | undefined;
  /** The last thing said to people who do not see the canvas. */
  readonly said: string;
}

export type EditorStore = StoreApi<EditorState>;

/** Finds cards by type and version; the newest without one. */
export function catalogueOf(cards: readonly NodeCard[]): Catalogue {
  const byType = Map.groupBy(cards, ({ type }) => type);
  return (type, version) => {
    const list = byType.get(type);
    if (version !== undefined) return list?.find((card) => card.version === version);
    return list?.reduce((newest, card) => (card.version > newest.version ? card : newest));
  };
}

/** The editor's state for a workflow that was just opened. */
export function openEditor(opened: OpenedWorkflow, cards: readonly NodeCard[]): EditorStore {
  return createStore<EditorState>(() => ({
    id: opened.id,
    cards,
    catalogue: catalogueOf(cards),
    history: begin(opened.document),
    draft: freshDraft(opened.revision),
    published: opened.published,
    selection: nothing,
    issues: opened.issues ?? [],
    told: nothingTold,
    credentials: undefined,
    shown: undefined,
    picking: undefined,
    linking: undefined,
    side: 'palette',
    isDataOpen: false,
    isPublishOpen: false,
    naming: undefined,
    writing: undefined,
    said: '',
  }));
}
