import * as z from 'zod';
import { changeTo } from '../../flow/document/merge/change-to.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { complain } from './desk.ts';
import type { Desk } from './desk.ts';
import { edit } from './editing.ts';
import { refresh } from './keep-fresh.ts';
import { ApiError } from '../api/api-error.ts';
import type { Publishing } from '../api/remote.ts';
import type { PublishedWorkflow } from '../../flow/contract/workflow.ts';

/** Why it was not published, in a sentence, and the workflow that is in the way, by its id. */
export interface Refused {
  readonly message: string;
  /** Whether the server did not answer at all. */
  readonly isAway?: boolean;
  readonly workflow?: string | undefined;
}

/**
 * What came of publishing: it is live, there are problems, the draft became another one meanwhile and should be looked at again, or
 * it was refused.
 */
export type Outcome = 'live' | 'problems' | 'changed' | Refused;

/** Publishes just the document that was looked at: stored first, and refused when it has become another. */
export async function publishDraft(desk: Desk, looked: Workflow): Promise<Outcome> {
  const { store, remote } = desk;
  try {
    const { revision, document } = await desk.save();
    if (document !== looked) return 'changed';
    const answer = await remote.publish(store.getState().id, { revision });
    if ('stale' in answer) {
      desk.layOver(answer.stale);
      return 'changed';
    }
    if ('issues' in answer) {
      store.setState({ issues: answer.issues });
      return 'problems';
    }
    isLive(desk, answer, document);
    return 'live';
  } catch (error) {
    return refusedBy(error);
  }
}

const takenBy = z.object({ workflow: z.string() });

function refusedBy(error: unknown): Refused {
  if (!(error instanceof Error)) return { message: 'The server did not say why.' };
  if (!(error instanceof ApiError)) return { message: error.message };
  const { code, message, mend, details } = error;
  if (error.status === 0) return { message: `${message} ${mend ?? ''}`.trim(), isAway: true };
  const taken = code === 'path-taken' ? takenBy.safeParse(details).data : undefined;
  return {
    message: mend === undefined ? message : `${message} ${mend}`,
    workflow: taken?.workflow,
  };
}

function isLive({ store, say }: Desk, { version, triggers }: PublishedWorkflow, document: Workflow | undefined): void {
  const latest = Math.max(version, store.getState().latest ?? 0);
  store.setState({ published: { version, document }, latest, triggers });
  const url = triggers.find((trigger) => trigger.url)?.url;
  say({ title: `Version ${version} is live`, about: `live ${store.getState().id}`, ...(url ? { text: url } : {}) });
}

/** Takes the workflow off line. The toast takes that back: the version goes live again as it was. */
export async function turnOff(desk: Desk): Promise<void> {
  const { store, remote, say } = desk;
  const { id, published } = store.getState();
  if (!published) return;
  try {
    await remote.unpublish(id);
    store.setState({
      published: undefined,
      triggers: [],
      latest: Math.max(published.version, store.getState().latest ?? 0),
    });
    say({
      title: 'The workflow is off',
      about: `live ${id}`,
      text: 'Nothing starts it by itself. Runs under way go on.',
      undo: () => void turnOn(desk, published.version, published.document),
    });
  } catch (error) {
    complain(desk, 'It was not turned off.', error);
  }
}

/** Puts a version live again as it was; the draft stays as it is. */
export async function turnOn(desk: Desk, version: number, document?: Workflow): Promise<void> {
  try {
    const { id } = desk.store.getState();
    isLive(desk, published(await desk.remote.publish(id, { version })), document);
  } catch (error) {
    complain(desk, 'It was not turned on.', error);
    return;
  }
  // What is live is only read to tell the changes; without an answer it is live all the same, and read when somebody comes back.
  if (!document) await refresh(desk).catch(() => undefined);
}

function published(answer: Publishing): PublishedWorkflow {
  if ('version' in answer) return answer;
  throw new Error('issues' in answer ? (answer.issues[0]?.message ?? 'It has problems.') : 'It was changed meanwhile.');
}

/** Makes the draft what is live again, as one step that can be undone. */
export async function discardChanges(desk: Desk): Promise<void> {
  const { store, say } = desk;
  // Somebody may have published since this was last asked; without an answer what is known stands.
  await refresh(desk).catch(() => undefined);
  const { history, published: live } = store.getState();
  if (!live?.document) return;
  const change = changeTo(history.document, live.document);
  if (!change) return say({ title: `The draft is version ${live.version} already` });
  edit(store, change, 'Discard changes');
  say({ title: `The draft is version ${live.version} again`, text: 'Undo brings your changes back.' });
}
