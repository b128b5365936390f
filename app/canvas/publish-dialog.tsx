import { useEffect, useMemo, useState } from 'react';
import { diff, diffWords } from '../../flow/document/diff.ts';
import type { Issue } from '../../flow/document/workflow.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Mark } from '../ui/mark.tsx';
import { tellAll } from './calm.ts';
import { complain } from './desk.ts';
import type { Desk } from './desk.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import { select } from './editing.ts';

/** Says what becomes different before it does, and what stands in the way. */
export default function PublishDialog() {
  const desk = useDesk();
  const document = useEditor(({ history }) => history.document);
  const live = useEditor((state) => state.published);
  const issues = useEditor((state) => state.issues);
  const [isBusy, setBusy] = useState(false);
  const errors = issues.filter(({ level }) => level === 'error');
  useEffect(() => tellAll(desk.store), [desk.store]);
  const close = () => {
    desk.store.setState({ isPublishOpen: false });
    desk.focus('graph');
  };
  const publish = async () => {
    setBusy(true);
    await publishNow(desk);
    setBusy(false);
  };
  return (
    <Dialog
      open
      onClose={close}
      title={live ? `Publish version ${live.version + 1}?` : 'Publish this workflow?'}
      says={
        live
          ? 'Runs in progress finish on the version they began with.'
          : 'From then on its triggers listen, and each change is a draft until it is published.'
      }
      foot={
        <>
          <Button onClick={close}>Keep as draft</Button>
          <Button tone="primary" busy={isBusy} disabled={errors.length > 0} onClick={() => void publish()}>
            Publish
          </Button>
        </>
      }
    >
      {errors.length > 0 ? <InTheWay issues={errors} close={close} /> : <Changes />}
      {document.nodes.length === 0 && <p className="t2">There are no nodes yet.</p>}
    </Dialog>
  );
}

function Changes() {
  const document = useEditor(({ history }) => history.document);
  const live = useEditor((state) => state.published);
  const words = useMemo(
    () => (live?.document ? diffWords(diff(live.document, document), document) : undefined),
    [live, document],
  );
  if (!words) return null;
  if (words.length === 0) return <p className="t2">Nothing differs from what is live.</p>;
  return (
    <ul className="col" style={{ gap: 4, maxHeight: 240, overflow: 'auto' }} tabIndex={0} aria-label="What changes">
      {words.slice(0, 100).map((line, index) => (
        <li key={index} className="small">
          {line}
        </li>
      ))}
    </ul>
  );
}

function InTheWay({ issues, close }: { issues: readonly Issue[]; close: () => void }) {
  const desk = useDesk();
  const go = ({ where }: Issue) => {
    if (where.node !== undefined) {
      select(desk.store, { nodes: new Set([where.node]) });
      desk.camera.show([where.node]);
    }
    close();
  };
  return (
    <div className="col" style={{ gap: 6 }}>
      {issues.slice(0, 8).map((issue, index) => (
        <button
          key={index}
          type="button"
          className="note-bar"
          data-state="failed"
          style={{ border: 0, textAlign: 'left' }}
          onClick={() => go(issue)}
        >
          <Mark state="failed" />
          <span>
            <b>{issue.where.node ?? 'The workflow'}:</b> {issue.message} {issue.mend}
          </span>
        </button>
      ))}
      {issues.length > 8 && <p className="t3 small">And {issues.length - 8} more.</p>}
    </div>
  );
}

async function publishNow(desk: Desk): Promise<void> {
  const { store, remote, say } = desk;
  try {
    await desk.save();
    const { id, history } = store.getState();
    const answer = await remote.publish(id);
    if ('issues' in answer) store.setState({ issues: answer.issues });
    else {
      store.setState({ published: { version: answer.version, document: history.document }, isPublishOpen: false });
      const url = answer.triggers.find((trigger) => trigger.url)?.url;
      say({ title: `Version ${answer.version} is live`, ...(url ? { text: url } : {}) });
    }
  } catch (error) {
    complain(desk, 'It was not published.', error);
  }
}
