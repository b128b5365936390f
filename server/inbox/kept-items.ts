import * as z from 'zod';
import type { PortOutput } from '../../flow/facts/fact.ts';
import type { BlobStore } from '../journal/blobs.ts';
import { isMarker, leaves, parseLong, putAway, readText } from '../journal/large-values.ts';
import { jsonParts, rememberJson } from '../text/known-json.ts';
import { Turns } from '../text/turns.ts';

/** Items in the store of large values. */
export type ItemsAway = Extract<PortOutput, { $blob: string }>;
const itemsAway = z.object({ $blob: z.string(), size: z.int(), count: z.int() });

/**
 * What an event keeps of what came with it while it waits: the items, or the blob that holds them. The blob is the one that its run names as
 * input, so that a megabyte is written once, whatever becomes of it.
 */
export async function keepItems(
  blobs: BlobStore,
  place: { readonly workspace: string; readonly run: string },
  items: readonly unknown[],
): Promise<readonly unknown[] | ItemsAway> {
  const turns = new Turns();
  const parts = await jsonParts(items, turns);
  if (!leaves(parts)) return items;
  return { ...(await putAway(blobs, place, parts, turns)), count: items.length };
}

/** The blob that holds what was kept; undefined when it stands in the row. */
export const awayOf = (kept: unknown): ItemsAway | undefined => (isMarker(kept) ? itemsAway.parse(kept) : undefined);

/** The items that were kept. */
export async function keptItems(blobs: BlobStore, workspace: string, kept: unknown): Promise<readonly unknown[]> {
  const away = awayOf(kept);
  if (!away) return Items.parse(kept);
  const text = await readText(blobs, workspace, away.$blob);
  const items = Items.parse(await parseLong(text));
  // Under this very text they are in the store already.
  rememberJson(items, text);
  return items;
}

const Items = z.array(z.unknown());
