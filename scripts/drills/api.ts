import * as z from 'zod';

const Made = z.object({ id: z.string() });
const Started = z.object({ runId: z.string() });
const Listed = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      needs: z.array(z.object({ kind: z.string(), node: z.string().optional() })),
    }),
  ),
  next: z.string().nullish(),
});

/** A run as the list shows it. */
export type Row = z.infer<typeof Listed>['items'][number];

/** The product's REST, for a drill. Each call finds its way to whichever process `url` names at that moment. */
export class Api {
  private readonly url: () => string;
  private readonly key: string;

  constructor(url: () => string, key: string) {
    this.url = url;
    this.key = key;
  }

  /** The status and body of one call; a connection that fails counts as status 0. */
  async call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const init = {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    try {
      const response = await fetch(this.url() + path, init);
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    } catch (error) {
      return { status: 0, body: String(error) };
    }
  }

  /** The body of a call that was carried out; throws what was answered otherwise. */
  async done(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.call(method, path, body);
    if (answer.status < 200 || answer.status >= 300)
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Starts a workflow by hand and gives its run. */
  async start(workflow: string, body: object = {}): Promise<string> {
    return Started.parse(await this.done('POST', `/api/v1/workflows/${workflow}/runs`, body)).runId;
  }

  /** Makes and publishes a workflow and gives its id. */
  async publish(document: object): Promise<string> {
    const made = await this.call('POST', '/api/v1/workflows', { document });
    if (made.status !== 201) throw new Error(`not made: ${JSON.stringify(made)}`);
    const { id } = Made.parse(made.body);
    const published = await this.call('POST', `/api/v1/workflows/${id}/publish`);
    if (published.status !== 200) throw new Error(`not published: ${JSON.stringify(published)}`);
    return id;
  }

  /** Every run of a workflow; throws while the product does not answer. */
  async runsOf(workflow: string): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor = '';
    do {
      const { status, body } = await this.call('GET', `/api/v1/runs?workflow=${workflow}&limit=200${cursor}`);
      if (status !== 200) throw new Error(`the list of runs answered ${status}`);
      const page = Listed.parse(body);
      rows.push(...page.items);
      cursor = page.next ? `&cursor=${encodeURIComponent(page.next)}` : '';
    } while (cursor !== '');
    return rows;
  }
}
