import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import { call } from './call.ts';

const example = z.object({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  category: z.string(),
  tags: z.array(z.string()),
  needs: z.array(z.string()),
  /** What it may do outside, a sentence each, as publishing grants it. */
  may: z.array(z.string()),
  nodes: z.array(
    z.object({
      key: z.string(),
      type: z.string(),
      title: z.string().optional(),
      at: z.tuple([z.number(), z.number()]).optional(),
    }),
  ),
  edges: z.array(z.object({ from: z.string(), to: z.string() })),
});
export type Example = z.output<typeof example>;

/** The finished workflows that come with Heddle. */
export const galleryQuery = queryOptions({
  queryKey: ['gallery'],
  queryFn: async ({ signal }) =>
    (await call('GET', '/examples/index.json', { shape: z.object({ items: z.array(example) }), signal })).items,
  staleTime: Infinity,
});

/** The document of one of them, whole. */
export const readExample = (name: string): Promise<unknown> =>
  call('GET', `/examples/${encodeURIComponent(name)}/workflow.json`, { shape: z.unknown() });
