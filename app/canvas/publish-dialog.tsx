import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { workflowsQuery } from '../api/workflows.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Mark } from '../ui/mark.tsx';
import { tellAll } from './calm.ts';
import { compare } from './compare.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import { publishDraft } from './going-live.ts';
import type { Refused } from './going-live.ts';
import { inTheWay, PublishNotes, publishWords } from './publish-notes.tsx';

/** Says what becomes different before it does, and what stands in the way. */
export default function PublishDialog() {
  const desk = useDesk();
  const document = useEditor(({ history }) => history.document);
  const live = useEditor((state) => state.published);
  const issues = useEditor((state) => state.issues);
  const catalogue = useEditor((state) => state.catalogue);
  const changes = useMemo(
    () => live?.document && compare(live.document, document, catalogue),
    [live, document, catalogue],
  );
  const [isBusy, setBusy] = useState(false);
  const [isMoved, setMoved] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const isBlocked = inTheWay(issues).length > 0;
  // Who has a path may be another since the list was read.
  const others = useQuery({
    ...workflowsQuery,
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => (state.status === 'error' ? againMs : false),
  });
  const isUnsaved = useEditor(({ draft }) => draft.trouble?.kind === 'away');
  const isAway = isUnsaved || others.fetchStatus === 'paused' || isAwayError(others.failureReason);
  useEffect(() => tellAll(desk.store), [desk.store]);
  const close = () => {
    desk.store.setState({ isPublishOpen: false });
    desk.focus('graph');
  };
  const publish = async () => {
    setBusy(true);
    const outcome = await publishDraft(desk, document);
    setBusy(false);
    setMoved(outcome === 'changed');
    setRefused(typeof outcome === 'object' ? outcome : undefined);
    if (outcome === 'live') close();
    else if (typeof outcome === 'object' && (outcome.workflow !== undefined || outcome.isAway)) void others.refetch();
  };
  return (
    <Dialog
      open
      onClose={close}
      title={titleOf(live !== undefined, changes?.length)}
      says={publishWords(live !== undefined, isBlocked)}
      foot={
        <>
          <Button onClick={close}>Keep as draft</Button>
          <Button tone="primary" busy={isBusy} disabled={isBlocked} onClick={() => void publish()}>
            Publish
          </Button>
        </>
      }
    >
      {isMoved && (
        <p className="note-bar" data-state="doubt" role="alert">
          <Mark state="doubt" />
          <span>
            <b>The workflow was changed elsewhere meanwhile.</b> Look at the changes and publish again.
          </span>
        </p>
      )}
      {isAway && !refused && (
        <p className="note-bar" data-state="doubt" role="status">
          <Mark state="doubt" />
          <span>
            <b>The server does not answer.</b> Your changes are kept. Publish them when it answers again.
          </span>
        </p>
      )}
      <PublishNotes
        changes={changes}
        refused={refused && asOfNow(refused, isAway || others.isFetching)}
        close={close}
      />
      {document.nodes.length === 0 && <p className="t2">There are no nodes yet.</p>}
    </Dialog>
  );
}

/** So often a server that does not answer is asked again; milliseconds. */
const againMs = 3_000;

const isAwayError = (error: Error | null): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500);

/** A server that did not answer and does again is not said to be away. */
const asOfNow = (refused: Refused, isAway: boolean): Refused =>
  refused.isAway && !isAway ? { message: 'The server did not answer. It does again: publish once more.' } : refused;

/** Where nothing that runs differs there is nothing to call a change; titles, notes and places are published all the same. */
function titleOf(isLive: boolean, changes: number | undefined): string {
  if (!isLive) return 'Publish this workflow?';
  return changes === 0 ? 'Publish it again?' : 'Publish your changes?';
}
