import type { EditorStore } from './editor-state.ts';

/**
 * Puts panels away that would lie over the canvas once the window is narrower, as if it had been opened so; on a phone those below it too, which
 * would leave nothing of it. Gives the way to stop.
 */
export function keepRoom(store: EditorStore): () => void {
  const stops = [
    narrowed('(max-width: 1200px)', () => store.setState({ side: 'none' })),
    narrowed('(max-width: 760px)', () => store.setState({ isDataOpen: false })),
  ];
  return () => stops.forEach((stop) => stop());
}

function narrowed(query: string, act: () => void): () => void {
  const media = matchMedia(query);
  const look = () => media.matches && act();
  media.addEventListener('change', look);
  return () => media.removeEventListener('change', look);
}
