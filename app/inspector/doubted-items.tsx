import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { useLineOf } from '../graph/lines.ts';
import { ItemStepper } from './item-stepper.tsx';
import { useInput } from './use-input.ts';
import type { Asking } from './use-input.ts';
import './doubted-items.css';

interface DoubtedProps extends Asking {
  readonly places: readonly number[];
  readonly node: string | undefined;
  readonly document: Workflow;
  readonly catalogue: Catalogue;
}

/** What may have been sent: the node's line, and the items that it was made for. */
export function DoubtedItems({ places, node: key, document, catalogue, ...asking }: DoubtedProps) {
  const lineOf = useLineOf(document);
  const all = useInput(asking);
  const node = document.nodes.find((one) => one.key === key);
  const card = node && catalogue(node.type, node.version);
  return (
    <section className="doubted" aria-label="What may have been sent">
      {node && card && <p className="mono-s t2 doubted-line">{lineOf(card, node)}</p>}
      {all && places.length > 0 && (
        <>
          <p className="small t2">
            {places.length === 1
              ? 'It was made from this item that came in:'
              : 'Each was made from one of these items that came in:'}
          </p>
          <ItemStepper items={all} places={places} />
        </>
      )}
    </section>
  );
}
