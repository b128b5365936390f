import { beforeEach, expect, test, vi } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { ApiError } from '../api/api-error.ts';
import { followRun } from '../api/live-run.ts';
import { pictureOf } from '../inspector/run-picture.ts';
import { stepOf } from '../inspector/testing/steps.ts';
import { hideRun, showRun } from './desk.ts';
import { edit } from './editing.ts';
import { keepRun } from './kept-run.ts';
import { catalogue } from './testing/cards.ts';
import { deskOver } from './testing/desk.ts';
import { storage } from './testing/storage.ts';

vi.mock('../api/live-run.ts', () => ({ followRun: vi.fn<typeof followRun>() }));

const drawing = draw('hook:start.manual -> price:data.set');
const steps = [stepOf('hook'), stepOf('price')];
const search = { value: '' };

beforeEach(() => {
  vi.stubGlobal('sessionStorage', storage());
  search.value = '';
  vi.stubGlobal('location', {
    get search() {
      return search.value;
    },
  });
  vi.mocked(followRun).mockImplementation((id, { tell }) => {
    const run = { id, status: 'finished', start: 'hook' } as never;
    const facts = [{ type: 'run.started', data: { pins: {} } }] as never;
    return Promise.resolve(tell({ run, steps, facts, waits: undefined }));
  });
});

/** The editor as it opens: what ran is at the server. */
function open(document: Workflow = drawing, ran: Workflow = drawing) {
  const { desk, store } = deskOver(document);
  Object.assign(desk, { remote: { ran: () => Promise.resolve(ran) } });
  const stop = keepRun(desk);
  /** Closes it as the page does. */
  const close = () => {
    stop();
    hideRun(desk);
  };
  const isThere = () => vi.waitFor(() => expect(store.getState().shown?.run).toBeDefined());
  return { desk, store, close, isThere };
}

test('a run that stood on the canvas is there again after a reload, with what was edited since', async () => {
  const first = open();
  showRun(first.desk, 'run_1');
  await first.isThere();
  first.close();
  const now = { ...drawing, nodes: [drawing.nodes[0]!, { ...drawing.nodes[1]!, params: { fields: [] } }] };
  const second = open(now);
  expect(second.store.getState().shown?.id).toBe('run_1');
  await second.isThere();
  const { shown, history } = second.store.getState();
  const { nodes } = pictureOf(history.document, shown!.steps, catalogue, { isOver: true, ran: shown!.document });
  expect(nodes.get('price')?.foot).toBe('Edited since this run');
  expect(nodes.get('hook')?.isEdited).toBeUndefined();
  second.close();
});

test('a run begun from this canvas ran what stood there, and what is edited then is edited since', async () => {
  const { desk, store, close, isThere } = open();
  showRun(desk, 'run_1');
  edit(store, { do: 'set-params', key: 'price', params: { fields: [] } }, 'Change Fields');
  await isThere();
  expect(store.getState().shown?.document).toBe(drawing);
  close();
});

test('a run that was hidden is not shown again, nor one of another workflow, nor where the address asks for another', async () => {
  const first = open();
  showRun(first.desk, 'run_1');
  await first.isThere();
  hideRun(first.desk);
  first.close();
  expect(open().store.getState().shown).toBeUndefined();
  sessionStorage.setItem('heddle.run.other', JSON.stringify({ shown: 'run_2' }));
  expect(open().store.getState().shown).toBeUndefined();
  sessionStorage.setItem('heddle.run.w', JSON.stringify({ shown: 'run_1' }));
  search.value = '?run=run_3';
  expect(open().store.getState().shown).toBeUndefined();
});

test('the data of a run that tries use is used again, also where a later run is shown', async () => {
  sessionStorage.setItem('heddle.run.w', JSON.stringify({ shown: 'run_2', used: 'run_1' }));
  const { store, isThere } = open();
  await isThere();
  expect(store.getState()).toMatchObject({ usedRun: 'run_1', shown: { id: 'run_2' } });
  await vi.waitFor(() => expect([...(store.getState().usedData?.nodes ?? [])]).toEqual(['hook', 'price']));
});

test('a run that is gone is let go, and not asked for again and again', async () => {
  vi.mocked(followRun).mockRejectedValue(new ApiError(404, { code: 'not-found', message: 'No.', mend: '' } as never));
  sessionStorage.setItem('heddle.run.w', JSON.stringify({ shown: 'run_1', used: 'run_1' }));
  const { store } = open();
  await vi.waitFor(() => expect(store.getState().shown).toBeUndefined());
  expect(store.getState().usedRun).toBeUndefined();
  expect(sessionStorage.getItem('heddle.run.w')).toBeNull();
});
