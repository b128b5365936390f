import { isObject } from '../document/json.ts';
import type { FactType } from './fact.ts';
import { factKinds } from './kinds.ts';
import { changed, within } from './place-rows.ts';
import type { PlaceRow, Swap } from './place-rows.ts';

/** The data of a fact with what stands at its places swapped; the same object where nothing was. */
export function swapPlaces(type: string, data: unknown, swap: Swap): unknown {
  // A fact of a newer build stays as it is.
  const row: PlaceRow | undefined = Object.hasOwn(factKinds, type) ? factKinds[type as FactType].large : undefined;
  if (!row || !isObject(data)) return data;
  return changed(data, Object.keys(row), (name, value) => {
    const how = row[name]!;
    return typeof how === 'string' ? swap(how, value, within('', name)) : how(value, within('', name), swap);
  });
}
