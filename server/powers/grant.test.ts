import { expect, test } from 'vitest';
import { manifestOf, manifestOfPlan } from '../../flow/check/manifest.ts';
import type { Manifest } from '../../flow/check/manifest.ts';
import { compile } from '../../flow/compile/compile.ts';
import { workflow } from '../../flow/document/workflow.ts';
import type { RunState } from '../../flow/facts/state.ts';
import { emptyState } from '../../flow/facts/state.ts';
import { builtIn, builtInNodes } from '../catalogue/built-in.ts';
import { atOnce } from '../text/turns.ts';
import { grantOf } from './grant.ts';
import { openGrants } from './grants.ts';

const node = (part: Partial<Manifest['nodes'][number]>): Manifest => {
  const all = {
    node: 'a',
    type: 'connect.http-request',
    powers: [],
    hosts: [],
    credentials: [],
    workflows: [],
    ...part,
  };
  return { ...all, nodes: [all] };
};

test.each([
  // granted, address, may it be called
  ['api.example.com', 'https://api.example.com/x?y#z', true],
  ['api.example.com', 'https://API.Example.com/x', true],
  ['api.example.com', 'https://api.example.com:443/', true],
  ['api.example.com', 'http://api.example.com/', true],
  ['api.example.com', 'https://api.example.com:8443/', false],
  ['api.example.com', 'https://example.com/', false],
  ['api.example.com', 'https://x.api.example.com/', false],
  ['api.example.com', 'https://api.example.com.evil.test/', false],
  ['api.example.com', 'https://api.example.com./', false],
  ['api.example.com', 'https://аpi.example.com/', false], // a Cyrillic а
  ['api.example.com:8443', 'https://api.example.com:8443/', true],
  ['api.example.com:8443', 'https://api.example.com/', false],
  ['api.example.com:443', 'https://api.example.com/', true],
  ['api.example.com:443', 'http://api.example.com/', false],
  ['127.0.0.1:4801', 'http://127.0.0.1:4801/', true],
  ['127.0.0.1:4801', 'http://2130706433:4801/', true], // the same address in other letters
  ['127.0.0.1:4801', 'http://localhost:4801/', false],
  ['[::1]:4801', 'http://[0:0:0:0:0:0:0:1]:4801/', true],
  ['*', 'https://anything.example.org:9443/', true],
])('granted %s, %s: %s', (host, url, may) => {
  const grant = grantOf(node({ powers: ['http'], hosts: [host] }));
  expect(grant.refusal('a', new URL(url)) === undefined).toBe(may);
  // Another node's grant is its own.
  expect(grant.refusal('b', new URL(url))).toContain('granted it no host');
});

const refused = (work: () => void) => {
  try {
    work();
    return 'granted';
  } catch (error) {
    return error;
  }
};
const denied = expect.objectContaining({ code: 'power.denied', done: 'no', mend: expect.any(String) });

test('a power, a credential, a workflow that the node was not granted is refused, and known not done', () => {
  const grant = grantOf(node({ powers: ['http', 'workflow'], credentials: ['ledger'], workflows: ['child'] }));
  expect(refused(() => grant.power('a', 'http'))).toBe('granted');
  expect(refused(() => grant.power('a', 'state'))).toEqual(denied);
  expect(refused(() => grant.power('b', 'http'))).toEqual(denied);
  expect(refused(() => grant.credential('a', 'ledger'))).toBe('granted');
  expect(refused(() => grant.credential('a', 'Ledger'))).toEqual(denied);
  expect(refused(() => grant.credential('b', 'ledger'))).toEqual(denied);
  expect(refused(() => grant.power('a', 'workflow', 'child'))).toBe('granted');
  expect(refused(() => grant.power('a', 'workflow', 'other'))).toEqual(denied);
  const open = grantOf(node({ powers: ['workflow'], credentials: ['*'], workflows: ['*'] }));
  expect(refused(() => open.credential('a', 'any'))).toBe('granted');
  expect(refused(() => open.power('a', 'workflow', 'any'))).toBe('granted');
  // Where other runs belong to its own, or an expression names one, any may be told to it.
  expect([open.credentials, grant.credentials]).toEqual(['any', 'any']);
});

const { catalogue } = builtInNodes;
const document = workflow.parse({
  heddle: 1,
  name: 'Reach',
  nodes: [
    { key: 'go', type: 'start.manual' },
    {
      key: 'ask',
      type: 'connect.http-request',
      params: { url: 'https://api.example.com/{{ $json.id }}', credential: 'ledger' },
    },
    { key: 'any', type: 'connect.http-request', params: { url: '{{ $json.url }}', credential: '{{ $json.c }}' } },
    {
      key: 'off',
      type: 'connect.http-request',
      params: { url: 'https://off.example.com' },
      settings: { disabled: true },
    },
    { key: 'call', type: 'control.call', params: { workflow: 'child' } },
    { key: 'wait', type: 'control.wait', params: { for: '1h' } },
  ],
  edges: ['ask', 'any', 'off', 'call', 'wait'].map((to) => ({ from: 'go', to })),
});
const compiled = compile(document, catalogue);
if (!compiled.ok) throw new Error('it compiles');
const { plan } = compiled;

test('a plan asks for what its document asks for', () => {
  const asked = atOnce(manifestOfPlan(plan, ({ type, version }) => catalogue(type, version)));
  // Whom it calls is kept with a document, for who looks for circles; it grants nothing.
  expect(manifestOf(document, catalogue)).toMatchObject(asked);
  expect(asked.nodes.map((one) => one.node)).toEqual(['ask', 'any', 'call', 'wait']);
});

test('a version was granted what was stored with it, a draft what it asks for; what is not there, nothing', async () => {
  const asked: string[] = [];
  const grantsOf = openGrants({
    findPinned: builtIn.find,
    readManifest: async (workspace, id, version) => {
      asked.push(`${workspace} ${id} ${version}`);
      if (version === 9) throw new Error('the database is away');
      return version === 1 ? node({ powers: ['http'], hosts: ['old.example.com'] }) : undefined;
    },
  });
  const run = (version: number | null) => ({
    workspace: 'ws_1',
    plan,
    state: (): RunState => ({ ...emptyState, started: startedWith(version) }),
  });
  const mayCall = async (version: number | null, key: string, url: string) =>
    (await grantsOf(run(version))).refusal(key, new URL(url)) === undefined;
  // Version 1 was published before its plan asked for more: what was granted then holds.
  expect(await mayCall(1, 'a', 'https://old.example.com/')).toBe(true);
  expect(await mayCall(1, 'ask', 'https://api.example.com/')).toBe(false);
  expect(await mayCall(null, 'ask', 'https://api.example.com/')).toBe(true);
  expect(await mayCall(null, 'ask', 'https://old.example.com/')).toBe(false);
  expect(await mayCall(2, 'ask', 'https://api.example.com/')).toBe(false);
  await expect(mayCall(9, 'ask', 'https://api.example.com/')).rejects.toThrow('away');
  await expect(mayCall(9, 'ask', 'https://api.example.com/')).rejects.toThrow('away');
  // What was read stays; what was not there or could not be read is asked again.
  expect(asked).toEqual(['ws_1 w 1', 'ws_1 w 2', 'ws_1 w 9', 'ws_1 w 9']);
});

const startedWith = (version: number | null): NonNullable<RunState['started']> => ({
  workflow: { id: 'w', name: 'W', version },
  plan: plan.fingerprint,
  engine: 1,
  start: 'go',
  input: { items: [] },
  lane: 'interactive',
  trigger: { kind: 'manual' },
  mode: 'live',
  root: 'run_1',
  seed: 'run_1',
});
