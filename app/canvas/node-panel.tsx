import { Play, X } from 'lucide-react';
import { useMemo } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { NodeCard } from '../../flow/document/card.ts';
import { isObject } from '../../flow/document/json.ts';
import { powers } from '../../flow/document/powers.ts';
import type { Node } from '../../flow/document/workflow.ts';
import { isOver } from '../api/run-over.ts';
import { FormContext } from '../forms/form-context.tsx';
import type { FormWorld } from '../forms/form-context.tsx';
import { heard } from '../forms/kept.ts';
import { ParamForm } from '../forms/param-form.tsx';
import { samplesFor } from '../inspector/samples.ts';
import { Controls, ReadOnly } from '../ui/viewed.tsx';
import { Resizer, useWidth } from '../ui/resizer.tsx';
import { Empty, SkeletonRows } from '../ui/rest-states.tsx';
import { hasAddress } from './addresses.ts';
import { isTold, leaveField } from './calm.ts';
import { CommandButton } from './command-button.tsx';
import { exampleText } from './example-text.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import { chosenKey, edit } from './editing.ts';
import type { FormTab } from './editor-state.ts';
import { keptAt } from './kept-forms.ts';
import { tellKept } from './kept-issues.ts';
import { mayEdit } from './may-edit.ts';
import { NodeAddress } from './node-address.tsx';
import { cameAfter } from './shown-step.ts';
import { isShort } from '../graph/catalogue.ts';
import { NodeIcon } from '../graph/node-icon.tsx';
import { NodeSettingsForm } from './node-settings-form.tsx';
import { panelLimits } from './panel-limits.ts';
import { nodesOfUsedRun, withPinsThatCount } from './used-data.ts';
import { chosenTurn } from './shown-step.ts';
import { useSamples } from './use-samples.ts';
import './Editor.css';
import './node-panel.css';

/** What is set at the chosen node: its params by the form of its card, and its settings. */
export default function NodePanel() {
  const key = useEditor(({ selection }) => chosenKey(selection));
  const node = useEditor(({ history }) => history.document.nodes.find((one) => one.key === key));
  const card = useEditor(({ catalogue }) => node && catalogue(node.type, node.version));
  const desk = useDesk();
  const may = useEditor(mayEdit);
  const width = useWidth('heddle.node-panel', panelLimits);
  if (!node) return null;
  // Enter leads into the form, Escape back to where the graph is walked; menus of the form lie outside of it and keep theirs.
  const leave = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing || !isInside(event)) return;
    event.stopPropagation();
    // Who writes code presses Escape at lists that have closed by themselves: the first only leaves the text, where letters do nothing.
    const room = isCode(event.target) ? event.currentTarget.querySelector<HTMLElement>('[data-focus="form"]') : null;
    if (room) room.focus();
    else desk.focus('graph');
  };
  return (
    <aside
      className="panel node-panel"
      aria-label="Node"
      data-keys="own"
      data-family={card?.family ?? 'code'}
      onKeyDown={leave}
      style={{ '--panel-w': `${width.width}px` }}
    >
      <Resizer of={width} label="Width of the panel" />
      <Head node={node} card={card} />
      {isShort(card) ? (
        <div aria-busy aria-label="Loading the node">
          <SkeletonRows rows={4} height={56} />
        </div>
      ) : card ? (
        <FormWorldOf node={node}>
          <ReadOnly value={!may}>
            <Tabs node={node} card={card} />
          </ReadOnly>
        </FormWorldOf>
      ) : (
        <Empty title="This node is not installed">
          Install {node.type} to run this workflow again. Nothing in it is lost.
        </Empty>
      )}
    </aside>
  );
}

const isInside = ({ target, currentTarget }: KeyboardEvent<HTMLElement>): boolean =>
  target instanceof Element && currentTarget.contains(target);

const isCode = (target: EventTarget): boolean => target instanceof Element && target.closest('.monaco-editor') !== null;

function Head({ node, card }: { node: Node; card: NodeCard | undefined }) {
  return (
    <div className="insp-head">
      <span className="tile">
        <NodeIcon name={card?.icon ?? 'circle-help'} size={16} />
      </span>
      <span className="grow">
        <h2 className="title cut">{node.title ?? card?.title ?? node.key}</h2>
        <span className="mono-s cut">
          {node.key} · {node.type}
        </span>
      </span>
      <CommandButton id="run.up-to-here" size="sm">
        <Play className="i i-14" aria-hidden />
      </CommandButton>
      <span className="only-narrow">
        <CommandButton id="selection.clear" size="sm">
          <X className="i i-14" aria-hidden />
        </CommandButton>
      </span>
    </div>
  );
}

const tabs: readonly { readonly id: FormTab; readonly title: string }[] = [
  { id: 'params', title: 'Params' },
  { id: 'settings', title: 'Settings' },
  { id: 'docs', title: 'Docs' },
];

function Tabs({ node, card }: { node: Node; card: NodeCard }) {
  const { store } = useDesk();
  const tab = useEditor(({ formTab }) => formTab);
  return (
    <>
      <div className="tabs" role="tablist" aria-label="Node">
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={tab === id}
            aria-controls="node-tab"
            className={tab === id ? 'on' : undefined}
            onClick={() => store.setState({ formTab: id })}
          >
            {title}
          </button>
        ))}
      </div>
      <div className="scrolls" id="node-tab" role="tabpanel" aria-label={tab} tabIndex={0} data-focus="form">
        {tab === 'params' && hasAddress(node) && <NodeAddress node={node} />}
        {tab === 'params' && (
          <ParamForm
            key={node.key}
            card={card}
            node={node}
            onChange={(params, name) =>
              edit(
                store,
                { do: 'set-params', key: node.key, params },
                `Change ${fieldTitle(card, name)}`,
                `params:${node.key}:${name}`,
              )
            }
          />
        )}
        {tab === 'settings' && (
          <Controls>
            <NodeSettingsForm key={node.key} node={node} />
          </Controls>
        )}
        {tab === 'docs' && <Docs card={card} />}
      </div>
    </>
  );
}

/** What a param is called in the form: what was changed is read aloud, and stands beside Undo. */
function fieldTitle({ params }: NodeCard, name: string): string {
  const fields = isObject(params['properties']) ? params['properties'] : {};
  const field = fields[name];
  return isObject(field) && typeof field['title'] === 'string' ? field['title'] : name;
}

function Docs({ card }: { card: NodeCard }) {
  const says = card.needs.flatMap((power) => powers[power].help ?? []);
  return (
    <div className="form">
      <p>{card.summary}</p>
      {says.length > 0 && <p className="t2 small">{says.join(' ')}</p>}
      {card.examples.map((example) => (
        <section key={example.name}>
          <h3 className="strong">{example.name}</h3>
          <pre className="mono-s t2 example-params" tabIndex={0}>
            {exampleText(example.params).trim()}
          </pre>
        </section>
      ))}
    </div>
  );
}

function FormWorldOf({ node, children }: { node: Node; children: ReactNode }) {
  const document = useEditor(({ history }) => history.document);
  const catalogue = useEditor((state) => state.catalogue);
  const unused = useEditor(nodesOfUsedRun);
  const steps = useEditor(({ shown }) => shown?.steps);
  const id = useEditor((state) => state.id);
  const allIssues = useEditor((state) => state.issues);
  const told = useEditor((state) => state.told);
  const run = useEditor(({ shown }) => shown?.id);
  const hasRun = useEditor(({ shown }) => shown?.run !== undefined && isOver(shown.run) && !cameAfter(node.key, shown));
  const { store } = useDesk();
  const turn = useEditor((state) => chosenTurn(state, node.key));
  const known = useMemo(() => {
    const about = { workflow: { id, name: document.name }, now: Date.now(), turn };
    return samplesFor(withPinsThatCount(document, unused), catalogue, steps ?? [], node.key, about);
  }, [turn, document, unused, catalogue, steps, node.key, id]);
  const samples = useSamples(known, run, node);
  const world = useMemo((): FormWorld => {
    return {
      samples,
      issues: allIssues.filter((issue) => issue.where.node === node.key && isTold(told, issue)),
      params: node.params ?? {},
      zone: samples.zone,
      hasRun,
      leave: (path) => leaveField(store, node.key, path),
      kept: heard(keptAt(id, node.key), () => tellKept(store)),
    };
  }, [samples, node, allIssues, told, store, hasRun, id]);
  return <FormContext value={world}>{children}</FormContext>;
}
