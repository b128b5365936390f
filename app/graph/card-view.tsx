import { CircleAlert, Pin, PinOff, RotateCcw } from 'lucide-react';
import { Handle, Position, useStoreApi } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { memo, use } from 'react';
import type { MouseEvent, TouchEvent } from 'react';
import type { NamedPort } from '../../flow/document/ports.ts';
import type { Issue } from '../../flow/document/workflow.ts';
import { classes } from '../ui/class-names.ts';
import { Mark } from '../ui/mark.tsx';
import { issueFoot } from './feet.ts';
import { useIsOpen } from './open-ends.ts';
import { takeEnd } from './take-end.ts';
import type { CardData, CardNode } from './flow-model.ts';
import { NodeIcon } from './node-icon.tsx';
import { GraphPartsContext } from './parts.ts';
import { wornMark } from './picture.ts';
import './card-view.css';

/** A node on the canvas: picture, title, one line of its params, its ports, and how it stands in the run that is shown. */
export const CardView = memo(function CardView({ data, selected }: NodeProps<CardNode>) {
  const { node, card, face, state, issue } = data;
  const mark = wornMark(state);
  const isShowingIssue = issue !== undefined && mark === undefined;
  return (
    <div
      className={classes(
        'node',
        face.rows.length > 0 && 'has-outs',
        face.parts.length > 0 && 'has-subs',
        selected && 'is-selected',
        mark && `is-${mark}`,
        isShowingIssue && (issue.level === 'error' ? 'is-issue' : 'is-warned'),
        node.settings?.disabled && 'is-disabled',
      )}
      data-family={card?.family ?? 'code'}
      data-name={data.title}
    >
      <div className="node-face">
        <span className="node-selvage">
          <NodeIcon name={card?.icon ?? 'circle-help'} />
        </span>
        <span className="node-words">
          <Title data={data} />
          <span className="node-sum">{data.line}</span>
        </span>
      </div>
      <Rows data={data} />
      {mark === 'running' && (
        <svg className="node-stitch" aria-hidden>
          <rect />
          <rect />
        </svg>
      )}
      {face.input && <Eye nodeKey={node.key} port={face.input} side="in" />}
      {face.output && <Eye nodeKey={node.key} port={face.output} side="out" isFull={data.isPinned} />}
      <Badges data={data} isShowingIssue={isShowingIssue} selected={selected} />
    </div>
  );
});

function Title({ data: { node, title, isReadOnly } }: { data: CardData }) {
  const parts = use(GraphPartsContext);
  if (!parts || isReadOnly) return <b className="node-title">{title}</b>;
  return <parts.Title nodeKey={node.key} title={title} />;
}

function Rows({ data: { face, isPinned, node } }: { data: CardData }) {
  return (
    <>
      {face.rows.length > 0 && (
        <div className="node-outs">
          {face.rows.map(({ input, output }, row) => (
            <div className="node-out" key={row}>
              {input && <span className="node-row-in">{input.title ?? input.name}</span>}
              {input && <Eye nodeKey={node.key} port={input} side="in" />}
              {output && (output.title ?? output.name)}
              {output && <Eye nodeKey={node.key} port={output} side="out" isFull={isPinned} />}
            </div>
          ))}
        </div>
      )}
      {face.parts.length > 0 && (
        <div className="node-subs">
          {face.parts.map((port) => (
            <span key={port.name}>
              {port.title ?? port.name}
              <Eye nodeKey={node.key} port={port} side="down" />
            </span>
          ))}
        </div>
      )}
    </>
  );
}

const stateOf = (issue: Issue | undefined) => (issue?.level === 'error' ? 'failed' : 'doubt');

const places = { in: Position.Left, out: Position.Right, down: Position.Bottom };

interface EyeProps {
  readonly nodeKey: string;
  readonly port: NamedPort;
  readonly side: 'in' | 'out' | 'down';
  readonly isFull?: boolean;
}

function Eye({ nodeKey, port, side, isFull = false }: EyeProps) {
  const isOpen = useIsOpen(side === 'out' ? 'out' : 'in', { key: nodeKey, port: port.name });
  const flow = useStoreApi();
  const take = (press: MouseEvent | TouchEvent) =>
    takeEnd(press, flow.getState().edges, { key: nodeKey, port: port.name });
  return (
    <Handle
      {...(side === 'out'
        ? {}
        : {
            onMouseDownCapture: take,
            onTouchStartCapture: take,
          })}
      type={side === 'out' ? 'source' : 'target'}
      position={places[side]}
      id={port.name}
      className={classes('eye', side, isFull && 'full', isOpen && 'is-open')}
    />
  );
}

/** What is wrong, beside how the node stands in the run: the line under the card says that of the run. */
const SmallIssue = ({ issue, isBeside }: { issue: Issue; isBeside: boolean }) => (
  <span className={classes('node-issue', isBeside && 'beside')} data-state={stateOf(issue)} title={issueFoot(issue)}>
    <CircleAlert className="i" aria-hidden />
  </span>
);

function Badges({
  data: { state, issue, quiet, isUnready, isPinned, isPinUnused, node },
  isShowingIssue,
  selected,
}: {
  data: CardData;
  isShowingIssue: boolean;
  selected: boolean;
}) {
  const mark = wornMark(state);
  const small = isShowingIssue ? undefined : (issue ?? (selected ? undefined : quiet));
  const isLoud = mark !== undefined && ['failed', 'erred', 'waiting', 'doubt', 'running'].includes(mark);
  return (
    <>
      {isPinned && (
        <span className="node-flag">
          <Pin className="i" aria-hidden />
          Pinned
        </span>
      )}
      {isPinUnused && (
        <span className="node-flag" title="The data of the run is used instead.">
          <PinOff className="i" aria-hidden />
          Pin not used
        </span>
      )}
      {!isPinned && !isPinUnused && state && state.attempts > 1 && (
        <span className="node-flag">
          <RotateCcw className="i" aria-hidden />
          {state.attempts} attempts
        </span>
      )}
      {mark && !node.settings?.disabled && <Mark state={mark} />}
      {small && <SmallIssue issue={small} isBeside={mark !== undefined} />}
      {isShowingIssue && (
        <>
          <span className="node-issue" data-state={stateOf(issue)}>
            <CircleAlert className="i" aria-hidden />
          </span>
          <span className="node-foot wrap" data-state={stateOf(issue)}>
            {issue && issueFoot(issue)}
          </span>
        </>
      )}
      {isUnready && !mark && <span className="node-foot">Needs setup</span>}
      {state?.foot && !(isShowingIssue || (isUnready && !mark)) && (
        <span className={classes('node-foot', isLoud && 'wrap')} {...(isLoud ? { 'data-state': mark } : {})}>
          {state.foot}
        </span>
      )}
    </>
  );
}
