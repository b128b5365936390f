import * as z from 'zod';
import type { WorkflowSettings } from '../../flow/document/workflow.ts';
import type { Api } from '../drills/api.ts';
import { line } from '../drills/line.ts';
import type { Line } from '../drills/line.ts';
import { until } from '../drills/until.ts';
import { nextBody, nextJson } from './bodies.ts';
import type { Sent } from './bodies.ts';
import type { Random } from './random.ts';

/** A door that is open to everybody: where the next body goes, and which one. */
export interface Door {
  readonly name: string;
  next(random: Random): Promise<{ path: string; body: Sent }>;
}

const MB = 1024 * 1024;
const kB = 1024;

/** What stands at the doors of a drill: webhooks of several kinds, a form, links, a test call, and our own open routes. */
export async function openDoors(api: Api): Promise<Door[]> {
  await publishAll(api);
  const at = (name: string, path: string): Door => ({
    name,
    next: async (random) => ({ path, body: nextBody(random, 16 * MB) }),
  });
  const own = (path: string): Door => ({
    name: path,
    next: async (random) => ({ path, body: nextJson(random, 16 * kB) }),
  });
  return [
    at('webhook', '/hooks/main/open'),
    at('webhook, raw', '/hooks/main/raw'),
    at('webhook, answered', '/hooks/main/echo'),
    at('webhook, concurrency', '/hooks/main/keyed?k=a%00b'),
    {
      name: 'form',
      next: async (random) => {
        for (;;) {
          const body = nextBody(random, 16 * MB);
          if (/^(multipart|application\/x-www)/.test(body.type ?? '')) return { path: '/forms/main/form', body };
        }
      },
    },
    { name: 'link', next: async (random) => ({ path: await linkOf(api), body: nextBody(random, MB) }) },
    { name: 'test call', next: async (random) => ({ path: await listeningOf(api), body: nextBody(random, 16 * MB) }) },
    ...['/api/login', '/api/setup', '/api/login/oidc', '/api/invites/look', '/api/invites/accept', '/api/logout'].map(
      own,
    ),
    own('/trpc/accounts.me'),
  ];
}

async function publishAll(api: Api): Promise<void> {
  const noOp = { type: 'control.no-op' };
  const hook = (name: string, params: object, after: Line[string] = noOp, settings?: WorkflowSettings) =>
    api.publish({
      ...line(name, { hook: { type: 'start.webhook', params: { path: name, ...params } }, after }),
      ...(settings ? { settings } : {}),
    });
  await hook('open', { reply: 'now' });
  await hook('raw', { reply: 'now', body: 'raw' });
  const answer = { type: 'control.respond', params: { with: 'json', value: '{{ $json.method }}' } };
  await hook('echo', { reply: 'respond' }, answer);
  await hook('keyed', { reply: 'now' }, noOp, { concurrency: { max: 50, key: '{{ $json.query.k }}' } });
  const form = { path: 'form', title: 'Form', fields: [{ name: 'a' }], reply: 'now' };
  await api.publish(line('form', { form: { type: 'start.form', params: form }, after: noOp }));
  const link = { fields: [{ name: 'link', type: 'string', value: '{{ $step.resumeUrl }}' }], keep: 'all' };
  links.workflow = await api.publish(
    line('waits', {
      go: { type: 'start.manual' },
      shown: { type: 'data.set', params: link },
      wait: { type: 'control.wait', params: { called: true } },
    }),
  );
  links.draft = await hook('tested', {});
}

const links = { workflow: '', draft: '' };
const Steps = z.object({
  items: z.array(
    z.object({ key: z.string(), output: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).nullish() }),
  ),
});

/** The link of a run that waits for it. */
async function linkOf(api: Api): Promise<string> {
  const runId = await api.start(links.workflow, { input: [{}] });
  let link: unknown;
  const looked = async () => {
    const steps = Steps.safeParse((await api.call('GET', `/api/v1/runs/${runId}/steps`)).body);
    link = steps.data?.items.find(({ key }) => key === 'shown')?.output?.['out']?.[0]?.['link'];
    return typeof link === 'string';
  };
  await until(`${runId} shows a link`, looked, { everyMs: 25 });
  return new URL(String(link)).pathname;
}

const Listening = z.object({ url: z.string() });

/** The address at which somebody listens for one test call. */
async function listeningOf(api: Api): Promise<string> {
  const { body } = await api.call('POST', `/api/v1/workflows/${links.draft}/listenings`, { start: 'hook' });
  return new URL(Listening.parse(body).url).pathname;
}
