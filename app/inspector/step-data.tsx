import { useState } from 'react';
import type { NamedPort } from '../../flow/document/ports.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import type { PortItems, RunStep } from '../api/run-shapes.ts';
import { count } from '../ui/figures.ts';
import { sentIn } from '../../flow/facts/effects.ts';
import type { ItemEffect } from '../../flow/facts/effects.ts';
import { EffectsView } from './effects-view.tsx';
import { Failure } from './failure.tsx';
import { StepFacts, StepLog } from './step-log.tsx';
import { countAll, countOf } from './port-items.ts';
import type { PortNames } from './port-names.ts';
import { PortView } from './port-view.tsx';
import type { Origin, Parents } from './port-view.tsx';
import { TurnTable } from './turn-table.tsx';
import { Warned } from './warned.tsx';
import './step-data.css';

interface Port {
  readonly id: string;
  readonly title: string;
  readonly side: 'input' | 'output';
  readonly port: string;
  readonly items: PortItems;
}

const titles = { input: 'Input', output: 'Output' } as const;

/** Of a node with more ports than so many, only those that got something are shown. */
const fewPorts = 4;

/** The ports of one side with what went through each, by the names that its card gives them; those that got nothing too. */
function portsOf(side: Port['side'], found: RunStep['input'], named: readonly NamedPort[]): Port[] {
  const shown = named.length > fewPorts ? named.filter(({ name }) => countOf(found[name]) > 0) : named;
  const others = Object.keys(found).filter((name) => !named.some((port) => port.name === name));
  const names = [...shown.filter(({ name }) => named.length > 1 || name in found), ...others.map((name) => ({ name }))];
  const isOne = Math.max(named.length, names.length) <= 1;
  return names.map((port) => ({
    id: `${side}:${port.name}`,
    title: isOne ? titles[side] : `${titles[side]}: ${('title' in port && port.title) || port.name}`,
    side,
    port: port.name,
    items: found[port.name] ?? [],
  }));
}

/** What is looked at in a step: a tab, and an item of it. */
export interface Spot {
  readonly tab?: string | undefined;
  readonly item?: number | undefined;
}

interface StepDataProps {
  readonly step: RunStep;
  /** The run, for lists that have to be fetched. */
  readonly run: string;
  readonly effects?: readonly ItemEffect[];
  readonly facts?: readonly StoredFact[];
  readonly spot?: Spot;
  /** What its ports are called. */
  readonly ports?: PortNames;
  /** Holds the screen to one iteration. */
  readonly showTurn?: ((path: string) => void) | undefined;
  /** Why the data of single iterations is not there. */
  readonly notKept?: string | undefined;
  /** Where an item of an input came from. */
  readonly sourceOf?: (port: string, item: number) => Origin | undefined;
}

const noEffects: readonly ItemEffect[] = [];
const noFacts: readonly StoredFact[] = [];
const noPorts: PortNames = { input: [], output: [] };

/** What went into a step and what came out, by port, with what it did outside, its log, its facts and its failure. */
export function StepData(props: StepDataProps) {
  const {
    step,
    run,
    effects = noEffects,
    facts = noFacts,
    spot,
    sourceOf,
    ports: named = noPorts,
    showTurn,
    notKept,
  } = props;
  // What stands for all iterations of a node has no items of its own: only a loop has what came in and left for good. What went round in it is
  // counted by iteration, and is not nothing.
  const isSum = step.turns !== undefined && countAll(step.input) === 0 && Object.keys(step.output).length === 0;
  const kept = (found: RunStep['input'], ports: readonly NamedPort[]) =>
    step.turns ? ports.filter(({ name }) => name in found) : ports;
  const ports = isSum
    ? []
    : [
        ...portsOf('input', step.input, step.status === 'skipped' ? [] : kept(step.input, named.input)),
        ...portsOf('output', step.output, step.status === 'finished' ? kept(step.output, named.output) : []),
      ];
  const [chosen, setChosen] = useState<Spot>(spot ?? {});
  const tabs = [
    ...ports.map(({ id, title, side, items }) => ({
      id,
      title,
      n: side === 'input' && lacksData(step) ? undefined : countOf(items),
    })),
    ...(effects.length > 0 ? [{ id: 'effects', title: 'Calls', n: sentIn(effects) }] : []),
    ...(step.turns ? [{ id: 'turns', title: 'Iterations', n: step.turns.length }] : []),
    { id: 'log', title: 'Log', n: step.logs.length },
    ...(facts.length > 0 ? [{ id: 'facts', title: 'Run log', n: facts.length }] : []),
  ];
  const open = tabs.some(({ id }) => id === chosen.tab) ? chosen.tab : firstTab(step, ports, effects);
  const port = ports.find(({ id }) => id === open);
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
              onClick={() => setChosen({ tab: id })}
            >
              {title} {n !== undefined && <span className="n">{count(n)}</span>}
            </button>
          ))}
        </div>
      </div>
      <Failure step={step} />
      {open !== 'log' && <Warned step={step} />}
      {port && (
        <PortView
          key={port.id}
          items={port.items}
          from={port.side === 'output' ? step.from?.[port.port] : undefined}
          name={{ run, step: step.id, side: port.side, port: port.port }}
          base={port.side === 'input' ? '$json' : `$('${step.key}').item`}
          empty={emptyWords(step, port.side)}
          wanted={chosen.item}
          origin={originOf(step, port, setChosen, sourceOf)}
        />
      )}
      {open === 'effects' && (
        <EffectsView effects={effects} show={(item) => setChosen({ tab: firstInput(ports), item })} />
      )}
      {open === 'turns' && notKept !== undefined && <p className="small t2 not-kept">{notKept}</p>}
      {open === 'turns' && <TurnTable turns={step.turns ?? []} ports={named.output} show={showTurn} />}
      {open === 'log' && <StepLog step={step} />}
      {open === 'facts' && <StepFacts facts={facts} />}
    </>
  );
}

/** Nothing fails in an iteration that no item reached: one without items was recorded without its data. */
const lacksData = ({ status, path, input }: RunStep) => status === 'failed' && path !== '' && countAll(input) === 0;

const firstInput = (ports: readonly Port[]) => ports.find(({ side }) => side === 'input')?.id;

/** What one wants to see first: what is in doubt, what came in when it failed, else what came out. */
function firstTab(step: RunStep, ports: readonly Port[], effects: readonly ItemEffect[]): string {
  if (step.status === 'in-doubt' && effects.length > 0) return 'effects';
  if (step.turns && ports.length === 0) return 'turns';
  const wanted = step.status === 'finished' ? 'output' : 'input';
  const full = ports.find(({ side, items }) => side === wanted && countOf(items) > 0);
  return (full ?? ports.find(({ items }) => countOf(items) > 0) ?? ports.at(-1))?.id ?? 'log';
}

function emptyWords(step: RunStep, side: Port['side']): string {
  const { status } = step;
  if (side === 'input' && lacksData(step)) return 'What came into this iteration was not kept.';
  if (side === 'input') return 'Nothing came in here.';
  if (status === 'running' || status === 'queued' || status === 'waiting') return 'Nothing has come out yet.';
  return status === 'skipped' ? 'No items came in, so it was passed over.' : 'No item left here.';
}

/** Where an item of a port came from: of an output, the input of the same step; of an input, what the step before gave. */
function originOf(step: RunStep, port: Port, show: (spot: Spot) => void, sourceOf: StepDataProps['sourceOf']) {
  if (port.side === 'input') return sourceOf && ((item: number) => sourceOf(port.port, item));
  const [name, first] = Object.entries(step.input)[0] ?? [];
  if (name === undefined || countOf(first) === 0) return undefined;
  return (item: number, from: Parents): Origin | undefined => {
    const parents = from ? [from[item] ?? []].flat() : countOf(first) === countOf(port.items) ? [item] : [];
    const [only, ...others] = parents;
    if (only === undefined) return undefined;
    const says = others.length === 0 ? `from input ${count(only + 1)}` : `from ${count(parents.length)} of the input`;
    return { says, go: () => show({ tab: `input:${name}`, item: only }) };
  };
}
