import { useState } from 'react';
import type { Step } from '../canvas/remote-shapes.ts';
import { Mark } from '../ui/mark.tsx';
import { count } from './figures.ts';
import { ItemsView } from './items-view.tsx';

type Port = { readonly id: string; readonly title: string; readonly items: readonly unknown[] };

const portsOf = (side: 'Input' | 'Output', ports: Step['input']): Port[] =>
  Object.entries(ports).map(([name, items], index, all) => ({
    id: `${side}:${name}`,
    title: all.length > 1 ? `${side} ${name}` : index === 0 ? side : name,
    items,
  }));

/** What went into a step and what came out, by port, with its log and its failure. */
export function StepData({ step, wanted = 'Output' }: { step: Step; wanted?: 'Input' | 'Output' }) {
  const ports = [...portsOf('Input', step.input), ...portsOf('Output', step.output)];
  const first = ports.find(({ id, items }) => id.startsWith(wanted) && items.length > 0) ?? ports.at(-1);
  const [chosen, setChosen] = useState<string>();
  const open = chosen === 'log' ? 'log' : (ports.find(({ id }) => id === chosen) ?? first)?.id;
  const port = ports.find(({ id }) => id === open);
  const tabs = [
    ...ports.map(({ id, title, items }) => ({ id, title, n: items.length })),
    { id: 'log', title: 'Log', n: step.logs.length },
  ];
  return (
    <>
      <div className="data-head">
        <div className="tabs" role="tablist" aria-label="Data">
          {tabs.map(({ id, title, n }) => (
            <button
              key={id}
              type="button"
              role="tab"
              aria-selected={open === id}
              className={open === id ? 'on' : undefined}
              onClick={() => setChosen(id)}
            >
              {title} <span className="n">{count(n)}</span>
            </button>
          ))}
        </div>
      </div>
      {step.error && <Failure error={step.error} />}
      {open === 'log' ? <Log step={step} /> : <ItemsView items={port?.items ?? []} empty="No items here." />}
    </>
  );
}

/** What failed, why, and what would mend it. */
export function Failure({ error }: { error: NonNullable<Step['error']> }) {
  return (
    <div className="note-bar" data-state="failed" role="alert" style={{ margin: 10 }}>
      <Mark state="failed" />
      <div>
        <b>{error.message}</b> {error.mend} <span className="mono-s t3">{error.code}</span>
      </div>
    </div>
  );
}

function Log({ step }: { step: Step }) {
  if (step.logs.length === 0) return <p className="empty">It wrote nothing to the log.</p>;
  return (
    <div className="scrolls" tabIndex={0} role="region" aria-label="Log">
      {step.logs.map((line, index) => (
        <div className="con" key={index}>
          <span className="t3">{line.level}</span>
          <span>{line.text}</span>
          <span />
        </div>
      ))}
    </div>
  );
}
