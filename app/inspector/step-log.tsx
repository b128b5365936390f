import type { StoredFact } from '../../flow/facts/fact.ts';
import type { RunStep } from '../api/run-shapes.ts';
import { classes } from '../ui/class-names.ts';
import { clock } from '../ui/figures.ts';
import { preview } from './json-lines.ts';
import './step-log.css';

/** What a step wrote to its log. */
export function StepLog({ step }: { step: RunStep }) {
  if (step.logs.length === 0) return <p className="empty">It wrote nothing to the log.</p>;
  return (
    <div className="scrolls" tabIndex={0} role="region" aria-label="Log">
      {step.logs.map((line, index) => (
        <div className={classes('con', `is-${line.level}`)} key={index}>
          <span className="t3">{line.level}</span>
          <span className="con-text">
            {line.text}
            {line.data !== undefined && <span className="t3"> {preview(line.data, 300)}</span>}
          </span>
          <span />
        </div>
      ))}
    </div>
  );
}

/** The facts that are about a step, as they were appended to the run's log. */
export function StepFacts({ facts }: { facts: readonly StoredFact[] }) {
  return (
    <div className="scrolls" tabIndex={0} role="region" aria-label="Run log">
      <ol className="fact-list">
        {facts.map(({ seq, at, type, data }) => (
          <li key={seq}>
            <details>
              <summary>
                <span className="mono-s t3 num">{clock(at)}</span>
                <span className="mono-s">{type}</span>
                <span className="mono-s t3 cut grow">{preview(data, 120)}</span>
                <span className="small t3 num">{seq}</span>
              </summary>
              <pre className="mono">{JSON.stringify(data, null, 2).slice(0, 20_000)}</pre>
            </details>
          </li>
        ))}
      </ol>
    </div>
  );
}
