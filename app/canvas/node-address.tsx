import { Copy, Radio } from 'lucide-react';
import type { Node } from '../../flow/document/workflow.ts';
import { Button } from '../ui/button.tsx';
import { draftedUrl } from './addresses.ts';
import { CopyButton } from './copy-button.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import { mayEdit } from './may-edit.ts';
import { isHeard, listen, listenWords } from './listening.ts';
import { useNarrow } from './use-narrow.ts';
import './node-address.css';

/** At a webhook or a form: its whole URL, and the way to a test call. Nothing while it has no path that can be used. */
export function NodeAddress({ node }: { node: Node }) {
  const desk = useDesk();
  const url = useEditor(({ bases, issues }) => draftedUrl(node, bases, issues));
  const live = useEditor(({ triggers }) => triggers?.find(({ key }) => key === node.key)?.url);
  const may = useEditor(mayEdit);
  const isListening = useEditor(({ listening }) => listening?.key === node.key);
  // The panel of its data offers it too, and on a phone lies under this one.
  const isNarrow = useNarrow();
  const isOffered = useEditor((state) => state.isDataOpen) && !isNarrow;
  if (url === undefined) return null;
  return (
    <div className="node-address" role="group" aria-label="URL">
      <p className="small t2">{url === live ? 'URL' : 'URL once published'}</p>
      <code className="mono-s to-copy">{url}</code>
      <div className="row wrap">
        <CopyButton text={url} label="Copy URL" icon={<Copy className="i i-12" aria-hidden />} />
        {may && isHeard(node) && !isListening && !isOffered && (
          <Button size="sm" onClick={() => void listen(desk, node.key)}>
            <Radio className="i i-12" aria-hidden />
            {listenWords(node)}
          </Button>
        )}
      </div>
    </div>
  );
}
