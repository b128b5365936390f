import { useSyncExternalStore } from 'react';

// As `.bar-tablet` in editor-bar.css.
const query = '(max-width: 760px)';

function subscribe(listener: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

/** Whether the editor's bar has room for the name, Run and Publish, and little more. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => matchMedia(query).matches);
