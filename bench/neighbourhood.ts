import * as z from 'zod';
import type { Workflow } from '../flow/document/workflow.ts';
import type { Neighbourhood } from './neighbours.ts';
import type { Owner } from './served.ts';

const Made = z.object({ id: z.string() });
const Published = z.object({ triggers: z.array(z.object({ url: z.string().optional() })) });

const slugs = { a: 'main', b: 'calm' };

/** Logs the owner in, makes a second workspace and publishes in both. The server's own address is `http://localhost:PORT`. */
export async function openNeighbourhood(
  port: number,
  owner: Owner,
): Promise<Pick<Neighbourhood, 'publish'> & { readonly forget: (workspace: 'a' | 'b') => Promise<void> }> {
  const at = `http://127.0.0.1:${port}`;
  let cookie = '';
  const call = async (method: string, path: string, body: unknown, workspace = slugs.a): Promise<unknown> => {
    const response = await fetch(at + path, {
      method,
      headers: {
        'content-type': 'application/json',
        origin: `http://localhost:${port}`,
        'heddle-workspace': workspace,
        cookie,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    cookie ||= response.headers
      .getSetCookie()
      .map((one) => one.split(';', 1)[0])
      .join('; ');
    return text === '' ? undefined : JSON.parse(text);
  };
  const post = (path: string, body: unknown, workspace?: string) => call('POST', path, body, workspace);
  const made: { workspace: 'a' | 'b'; id: string }[] = [];
  await post('/api/login', owner);
  await post('/api/v1/workspaces', { name: 'Calm', slug: slugs.b });
  const publish = async (workspace: 'a' | 'b', document: Workflow) => {
    const { id } = Made.parse(await post('/api/v1/workflows', { document }, slugs[workspace]));
    made.push({ workspace, id });
    const { triggers } = Published.parse(await post(`/api/v1/workflows/${id}/publish`, {}, slugs[workspace]));
    const url = triggers.find((one) => one.url !== undefined)?.url ?? '';
    return at + new URL(url).pathname;
  };
  /** Deletes what a workspace published: its runs are cancelled. */
  const forget = async (whose: 'a' | 'b') => {
    for (const { workspace, id } of made)
      if (workspace === whose) await call('DELETE', `/api/v1/workflows/${id}`, {}, slugs[workspace]);
  };
  return { publish, forget };
}
