import { useMutation, useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { useMay } from '../api/role.ts';
import { readExample } from '../api/gallery.ts';
import type { Example } from '../api/gallery.ts';
import type { NodeEntry } from '../../flow/contract/node.ts';
import { createWorkflow, workflowsQuery } from '../api/workflows.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { toast } from '../ui/toast.ts';
import { counted } from '../ui/when.ts';
import { Thumb } from './thumb.tsx';
import './install-sheet.css';

interface SheetProps {
  readonly example: Example;
  readonly cards: ReadonlyMap<string, NodeEntry>;
  readonly close: () => void;
}

/** One finished workflow: what it does, what it can reach, and the way to have it. The gallery behind stays usable. */
export function InstallSheet({ example, cards, close }: SheetProps) {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const mayDraw = useMay('editor');
  const head = useRef<HTMLHeadingElement>(null);
  const install = useMutation({
    mutationFn: async () => createWorkflow(await readExample(example.name)),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: workflowsQuery.queryKey });
      toast({
        title: `${example.title} is installed`,
        text: `As a draft: nothing starts by itself until you publish.${example.needs.length > 0 ? ' What is left to fill in is under Issues.' : ''}`,
      });
      navigate(`/workflows/${id}`);
    },
  });
  useEffect(() => head.current?.focus(), []);
  return (
    <aside className="install" aria-label={example.title} onKeyDown={(event) => event.key === 'Escape' && close()}>
      <div className="row install-head">
        <div className="grow">
          <h2 ref={head} tabIndex={-1} className="title">
            {example.title}
          </h2>
          <div className="small t3">
            {counted(example.nodes.length, 'node')} · {example.category} · comes with Heddle
          </div>
        </div>
        <IconButton label="Close" keys="Escape" onClick={close}>
          <X className="i" aria-hidden />
        </IconButton>
      </div>
      <div className="main-scroll" tabIndex={0} role="region" aria-label="What it does">
        <div className="tpl-pic">
          <Thumb example={example} cards={cards} height={164} />
        </div>
        <div className="col install-body">
          <p className="t2">{example.summary}</p>
          <Reach may={example.may} />
          <NeedsList needs={example.needs} />
          <Steps example={example} cards={cards} />
        </div>
      </div>
      {install.error && (
        <div className="note-bar install-trouble" data-state="failed" role="alert">
          <Mark state="failed" />
          <div>
            <b>It was not installed.</b> {install.error.message}
          </div>
        </div>
      )}
      <div className="dialog-foot">
        <span className="small t3 grow">
          {mayDraw
            ? 'Comes as a draft. Nothing starts by itself until you publish.'
            : 'An editor of this workspace can install it.'}
        </span>
        {mayDraw && (
          <Button tone="primary" busy={install.isPending} onClick={() => install.mutate()}>
            Install
          </Button>
        )}
      </div>
    </aside>
  );
}

/** What it does, in the order in which it was drawn. */
function Steps({ example, cards }: Pick<SheetProps, 'example' | 'cards'>) {
  return (
    <section>
      <h3 className="strong">Its steps</h3>
      <ul className="col gap-2 install-steps">
        {example.nodes.map(({ key, type, title }) => (
          <li key={key} className="row small" data-family={cards.get(type)?.family}>
            <i className="dot" aria-hidden />
            <span>{title ?? cards.get(type)?.title ?? key}</span>
            <span className="t3">{cards.get(type)?.title}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const Sentences = ({ all }: { all: readonly string[] }) => (
  <ul className="install-needs">
    {all.map((words) => (
      <li key={words} className="small t2">
        {words}
      </li>
    ))}
  </ul>
);

/** What it can do outside, in the sentences of publishing. */
const Reach = ({ may }: { may: readonly string[] }) => (
  <section>
    <h3 className="strong">What it may do</h3>
    <p className="small t3">Worked out from its nodes, and what publishing allows. It can do nothing else outside.</p>
    {may.length === 0 && <p className="can-nothing">Works on data only. It calls no other server.</p>}
    <Sentences all={may} />
  </section>
);

function NeedsList({ needs }: { needs: readonly string[] }) {
  if (needs.length === 0) return null;
  return (
    <section>
      <h3 className="strong">To fill in afterwards</h3>
      <Sentences all={needs} />
    </section>
  );
}
