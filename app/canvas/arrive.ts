import { forgetSearch, searchHere } from '../host/place.ts';
import type { Desk } from './desk.ts';
import { mayEdit } from './may-edit.ts';
import { loadRun } from './desk.ts';
import type { Flow } from '../graph/graph.tsx';
import { nothing } from '../graph/selection.ts';

/** Somebody comes from a run: its data stands around the draft, the node that they came for is chosen. Once: the address then forgets it. */
export function arrive(desk: Desk, flow: Flow | undefined): void {
  const asked = searchHere();
  const [run, node] = [asked.get('run'), asked.get('node')];
  if (!flow || (!run && !node)) return;
  forgetSearch();
  if (run) {
    loadRun(desk, run);
    // Only a draft can be tried with it.
    if (mayEdit(desk.store.getState())) desk.store.setState({ usedRun: run, usedData: undefined });
  }
  if (node === null || !desk.store.getState().history.document.nodes.some(({ key }) => key === node)) return;
  desk.store.setState({ selection: { ...nothing, nodes: new Set([node]) }, isDataOpen: run !== null });
  desk.camera.show([node]);
}
