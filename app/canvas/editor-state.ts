import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Role } from '../../flow/contract/account.ts';
import type { NodeEntry } from '../../flow/contract/node.ts';
import type { Catalogue, NodeCard } from '../../flow/document/card.ts';
import type { Edge, Issue, Workflow } from '../../flow/document/workflow.ts';
import type { KnownWorkflow } from '../../flow/check/view.ts';
import type { Credential } from '../../flow/contract/credential.ts';
import { nothingTold } from './calm.ts';
import type { Told } from './calm.ts';
import { mayEdit } from './may-edit.ts';
import type { End } from '../graph/open-ends.ts';
import { freshDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Point } from '../graph/geometry.ts';
import { begin } from './history.ts';
import type { History } from './history.ts';
import { nothing } from '../graph/selection.ts';
import type { Selection } from '../graph/selection.ts';
import type { OpenedWorkflow } from '../api/remote.ts';
import type { RunStep } from '../api/run-shapes.ts';
import type { Waits } from '../../flow/facts/waits.ts';
import type { Run } from '../../flow/contract/run.ts';
import { catalogueOf } from '../graph/catalogue.ts';

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
  readonly steps: readonly RunStep[];
  readonly waits?: Waits | undefined;
  /** Steps were worked out before the last edit of what they are about. */
  readonly document: Workflow;
}

/** Where the run that every try uses began, and the nodes that it has something of. */
export interface UsedData {
  readonly start: string;
  readonly nodes: ReadonlySet<string>;
}

/** A webhook of the draft that may be called once at `url` until then. */
export interface Listening {
  readonly key: string;
  readonly id: string;
  readonly url: string;
  readonly method: string;
  /** ISO 8601. */
  readonly until: string;
  /** Whether the call runs the draft as it comes. */
  readonly runs: boolean;
}

/** The parts of the panel of a node. */
export type FormTab = 'params' | 'settings' | 'docs';

/** What is asked or told over the canvas. */
export type Sheet = 'changes' | 'addresses' | 'turn-off';

/** All that the editor shows and a reload may lose; what must not be lost lies in history and draft. */
export interface EditorState {
  readonly id: string;
  /** What whoever looks is in this workspace; undefined while that is not known. */
  readonly role: Role | undefined;
  /** Every node that there is, in short. */
  readonly index: readonly NodeEntry[];
  /** The cards that are here whole: of what is drawn, and of what was. */
  readonly cards: readonly NodeCard[];
  /** All of them; those of the index alone are short. */
  readonly catalogue: Catalogue;
  readonly history: History;
  readonly draft: Draft;
  /** Whether what is not stored lies in this browser too, so that the tab may be closed. */
  readonly isKeptLocally: boolean;
  readonly published: OpenedWorkflow['published'];
  /** The highest version that was ever live; undefined when none was. */
  readonly latest: number | undefined;
  /** Where calls of the live version come in. */
  readonly triggers: OpenedWorkflow['triggers'];
  readonly bases: OpenedWorkflow['bases'];
  readonly selection: Selection;
  readonly issues: readonly Issue[];
  readonly told: Told;
  /** The workspace's credentials; undefined while they are not known. */
  readonly credentials: readonly Pick<Credential, 'name' | 'type'>[] | undefined;
  /** The workspace's workflows, by which calls are told by name; undefined while they are not known. */
  readonly workflows: readonly KnownWorkflow[] | undefined;
  readonly shown: ShownRun | undefined;
  /** The iteration that is looked at: of which node in which run, and its path. What is said, offered and pinned of the node is of that one. */
  readonly turn: { readonly of: string; readonly path: string } | undefined;
  /** The run whose data every try uses: its start item, and what stood before a node. */
  readonly usedRun: string | undefined;
  /** What is known of its data. */
  readonly usedData: UsedData | undefined;
  /** The webhook that waits for a test call. */
  readonly listening: Listening | undefined;
  readonly picking: Picking | undefined;
  readonly linking: Linking | undefined;
  /** The panel on the left. */
  readonly side: 'palette' | 'outline' | 'issues' | 'none';
  readonly formTab: FormTab;
  /** Whether a run is on its way that stands nowhere yet. */
  readonly isStarting: boolean;
  readonly isDataOpen: boolean;
  readonly isPublishOpen: boolean;
  /** Both sides of a clash are shown. */
  readonly isClashOpen: boolean;
  readonly open: Sheet | undefined;
  /** What the draft does otherwise than the version that is live, a sentence each; undefined while that is not known. */
  readonly changes: readonly string[] | undefined;
  /** The node whose title is being written on its card. */
  readonly naming: Naming | undefined;
  /** The note whose text is being written. */
  readonly writing: string | undefined;
  /** The last thing said to people who do not see the canvas. */
  readonly said: string;
}

export type EditorStore = StoreApi<EditorState>;

/** The editor's state for a workflow that was just opened. */
export function openEditor(
  opened: OpenedWorkflow,
  { index, cards, role }: Pick<EditorState, 'index' | 'cards'> & { readonly role?: Role | undefined },
): EditorStore {
  return createStore<EditorState>(() => ({
    id: opened.id,
    role,
    index,
    cards,
    catalogue: catalogueOf(cards, index),
    history: begin(opened.document),
    draft: freshDraft(opened.revision, opened.document),
    isKeptLocally: true,
    published: opened.published,
    latest: opened.latest ?? undefined,
    triggers: opened.triggers,
    bases: opened.bases,
    selection: nothing,
    issues: opened.issues ?? [],
    told: nothingTold,
    credentials: undefined,
    workflows: undefined,
    shown: undefined,
    turn: undefined,
    usedRun: undefined,
    usedData: undefined,
    listening: undefined,
    picking: undefined,
    linking: undefined,
    side: mayEdit({ role }) ? 'palette' : 'none',
    formTab: 'params',
    isDataOpen: false,
    isStarting: false,
    isPublishOpen: false,
    isClashOpen: false,
    open: undefined,
    changes: undefined,
    naming: undefined,
    writing: undefined,
    said: '',
  }));
}
