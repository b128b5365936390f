import { useMemo } from 'react';
import { isOver } from '../api/run-over.ts';
import type { RunPicture } from '../graph/picture.ts';
import { pictureOf } from '../inspector/run-picture.ts';
import { withWaits } from '../inspector/wait-words.ts';
import { troubleOf } from './calm.ts';
import { issuesByNode } from './checking.ts';
import { useEditor } from './desk-context.tsx';

/** What is said of the nodes that something is wrong with; worked out when there are other Issues or more of them is told. */
export function useTrouble() {
  const issues = useEditor((state) => state.issues);
  const told = useEditor((state) => state.told);
  return useMemo(() => {
    const { loud, quiet, unready } = troubleOf({ issues, told });
    return { loud: issuesByNode(loud), quiet: issuesByNode(quiet), unready };
  }, [issues, told]);
}

/** The run that is shown, laid over the draft; worked out when either is another. */
export function usePicture(): RunPicture | undefined {
  const document = useEditor(({ history }) => history.document);
  const catalogue = useEditor((state) => state.catalogue);
  const shown = useEditor((state) => state.shown);
  return useMemo(
    () =>
      shown &&
      withWaits(
        pictureOf(document, shown.steps, catalogue, {
          isOver: shown.run !== undefined && isOver(shown.run),
          ran: shown.document,
          waits: shown.waits,
        }),
        shown.steps,
        shown.waits,
      ),
    [shown, document, catalogue],
  );
}
