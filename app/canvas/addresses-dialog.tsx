import { Copy, Radio, Terminal } from 'lucide-react';
import type { Node } from '../../flow/document/workflow.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CopyButton } from './copy-button.tsx';
import { draftedUrl, hasAddress, methodOf } from './addresses.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import { mayEdit } from './may-edit.ts';
import { curlOf, listen, listenWords } from './listening.ts';
import { nodeName } from '../../flow/document/node-name.ts';

/** The whole addresses of the webhooks and forms: where the live version is called, and how to send a test call. */
export default function AddressesDialog() {
  const desk = useDesk();
  const nodes = useEditor(({ history }) => history.document.nodes);
  const close = () => {
    desk.store.setState({ open: undefined });
    desk.focus('graph');
  };
  return (
    <Dialog open onClose={close} title="URLs of this workflow" foot={<Button onClick={close}>Close</Button>}>
      {nodes.filter(hasAddress).map((node) => (
        <Address key={node.key} node={node} close={close} />
      ))}
    </Dialog>
  );
}

function Address({ node, close }: { node: Node; close: () => void }) {
  const desk = useDesk();
  const live = useEditor(({ triggers }) => triggers?.find(({ key }) => key === node.key)?.url);
  const drafted = useEditor(({ bases, issues }) => draftedUrl(node, bases, issues));
  const may = useEditor(mayEdit);
  const isForm = node.type === 'start.form';
  const method = methodOf(node);
  const name = useEditor(({ catalogue }) => nodeName(catalogue, node));
  return (
    <section className="col gap-6" aria-label={name}>
      <h3 className="strong">
        {name} <span className="t3 small">{isForm ? 'Form' : method}</span>
      </h3>
      {live ? (
        <>
          <code className="mono-s to-copy">{live}</code>
          <div className="row wrap">
            <CopyButton text={live} label="Copy live URL" icon={<Copy className="i i-12" aria-hidden />} />
            {!isForm && (
              <CopyButton
                text={curlOf({ url: live, method })}
                label="Copy curl"
                icon={<Terminal className="i i-12" aria-hidden />}
              />
            )}
          </div>
        </>
      ) : (
        <p className="t2 small">
          Not live.{' '}
          {drafted
            ? 'After you publish it is called at:'
            : node.params?.['path']
              ? 'Correct its path first.'
              : 'Enter its path first.'}
        </p>
      )}
      {drafted && drafted !== live && (
        <p className="small t3 to-copy">
          {live ? 'In the draft: ' : ''}
          <code className="mono-s">{drafted}</code>
        </p>
      )}
      {may && drafted && (
        <div className="row wrap">
          <Button
            size="sm"
            onClick={() => {
              close();
              void listen(desk, node.key);
            }}
          >
            <Radio className="i i-12" aria-hidden />
            {listenWords(node)}
          </Button>
        </div>
      )}
    </section>
  );
}
