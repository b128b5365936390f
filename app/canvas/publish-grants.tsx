import { useMemo } from 'react';
import type { Workflow } from '../../flow/document/workflow.ts';
import { useEditor } from './desk-context.tsx';
import { grantsOf, reachesOf, schedulesOf } from './grants-of.ts';

/** Where it will be called, and what it may do from then on; of a later version what it may do beside. */
export function Grants({ document, live }: { document: Workflow; live: Workflow | undefined }) {
  const catalogue = useEditor((state) => state.catalogue);
  const bases = useEditor((state) => state.bases);
  const reaches = reachesOf(document, bases);
  const schedules = useMemo(() => schedulesOf(document, catalogue, Date.now()), [document, catalogue]);
  const grants = useMemo(() => grantsOf(document, live, catalogue), [document, live, catalogue]);
  return (
    <>
      {reaches.length > 0 && (
        <section className="col gap-6">
          <h3 className="strong">Will be reachable at</h3>
          <ul className="col gap-2">
            {reaches.map(({ key, methods, url }) => (
              <li key={key} className="small to-copy">
                <span className="t3">{methods}</span> <code className="mono-s">{url}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      {schedules.length > 0 && (
        <section className="col gap-6">
          <h3 className="strong">Will start by itself</h3>
          <ul className="col gap-2">
            {schedules.map(({ key, title, next, zone }) => (
              <li key={key} className="small">
                {title}: next on {next} <span className="t3">({zone})</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {grants.length > 0 && (
        <section className="col gap-6">
          <h3 className="strong">{live ? 'May do from now on' : 'What it may do'}</h3>
          <ul className="col gap-2">
            {grants.map((words) => (
              <li key={words} className="small t2">
                {words}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
