import type { Workflow } from '../../flow/document/workflow.ts';
import type { Step } from '../canvas/remote-shapes.ts';
import { State } from '../ui/mark.tsx';
import { count, took } from './figures.ts';
import { itemsIn } from './run-picture.ts';
import { stepMarks, stepWords } from './status-words.ts';

interface StepListProps {
  readonly steps: readonly Step[];
  readonly document: Workflow | undefined;
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
}

/** The steps of a run in the order in which they ended: every attempt, every turn. */
export function StepList({ steps, document, chosen, choose }: StepListProps) {
  const titles = new Map(document?.nodes.map(({ key, title }) => [key, title ?? key]));
  return (
    <div className="scrolls run-steps" tabIndex={0} role="region" aria-label="Steps">
      <table className="table">
        <thead>
          <tr>
            <th>Step</th>
            <th>State</th>
            <th className="right">In</th>
            <th className="right">Out</th>
            <th className="right">Took</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.id} className={step.id === chosen ? 'on' : undefined} aria-current={step.id === chosen}>
              <td>
                <button type="button" className="step-name" onClick={() => choose(step.id)}>
                  {titles.get(step.key) ?? step.key}
                  {step.path !== '' && <span className="t3"> {step.path}</span>}
                  {step.attempt > 1 && <span className="t3"> attempt {step.attempt}</span>}
                </button>
              </td>
              <td>
                <State state={stepMarks[step.status]}>{stepWords[step.status]}</State>
              </td>
              <td className="right">{count(itemsIn(step).length)}</td>
              <td className="right">
                {count(Object.values(step.output).reduce((sum, items) => sum + items.length, 0))}
              </td>
              <td className="right">{took(step.startedAt, step.finishedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
