import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { cardsQuery } from '../api/nodes.ts';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { catalogueOf, typesOf } from './catalogue.ts';

/** The cards of a document's nodes; undefined until they are here. */
export function useCatalogue(document: Workflow | undefined): Catalogue | undefined {
  const types = useMemo(() => typesOf(document), [document]);
  const { data } = useQuery({ ...cardsQuery(types), enabled: document !== undefined });
  return useMemo(() => data && catalogueOf(data), [data]);
}
