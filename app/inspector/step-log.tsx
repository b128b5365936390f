import type { Fact } from '../api/facts.ts';
import type { RunStep } from '../api/run.ts';
import { classes } from '../ui/class-names.ts';
import { clock } from './figures.ts';
import { preview } from './json-lines.ts';

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

/** The facts that are about a step, as they were appended. */
export function StepFacts({ facts }: { facts: readonly Fact[] }) {
  return (
    <div className="scrolls" tabIndex={0} role="region" aria-label="Facts">
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
              <pre className="json">{JSON.stringify(data, null, 2).slice(0, 20_000)}</pre>
            </details>
          </li>
        ))}
      </ol>
    </div>
  );
}

const most = 1_000;

/** Items in and out of each turn of a node whose loop ran in one go. */
export function StepTurns({ turns }: { turns: NonNullable<RunStep['turns']> }) {
  const ports = [...new Set(turns.slice(0, 50).flatMap(({ out }) => Object.keys(out)))];
  return (
    <div className="scrolls" tabIndex={0} role="region" aria-label="Turns">
      <table className="table tight">
        <thead>
          <tr>
            <th>Turn</th>
            <th className="right">In</th>
            {ports.map((port) => (
              <th key={port} className="right">
                {port}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {turns.slice(0, most).map((turn, index) => (
            <tr key={index}>
              <td>{index + 1}</td>
              <td className="right">{turn.in}</td>
              {ports.map((port) => (
                <td key={port} className="right">
                  {turn.out[port] ?? 0}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
