import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check } from '../flow/check/check.ts';
import { compile } from '../flow/compile/compile.ts';
import type { Plan } from '../flow/compile/plan.ts';
import { parseWorkflow } from '../flow/document/parse.ts';
import type { Workflow, WorkflowTest } from '../flow/document/workflow.ts';
import { emptyState } from '../flow/facts/state.ts';
import { allNodes, catalogue } from '../nodes/all.ts';
import { findWorkspace } from '../server/accounts/find-workspace.ts';
import { differences } from '../server/cli/differences.ts';
import { watchRun } from '../server/cli/watch-run.ts';
import { readConfig } from '../server/config.ts';
import { createTestDatabase } from '../server/db/testing.ts';
import type { TestDatabase } from '../server/db/testing.ts';
import { openLog } from '../server/log/log.ts';
import { lender } from '../server/powers/lend.ts';
import { AnswerRooms } from '../server/powers/answer-rooms.ts';
import { Origins } from '../server/powers/origins.ts';
import { openProcess } from '../server/process.ts';
import type { Process } from '../server/process.ts';
import { startInput } from '../server/runs/start-input.ts';
import { cutEverywhere } from '../server/engine/testing/cut.ts';
import { farSide, play } from '../server/engine/testing/in-memory.ts';
import { wholeRun } from '../server/runs/views.ts';
import { csvOf, makeSales, reportOf } from './sales-export.ts';

const folder = import.meta.dirname;
const root = path.join(folder, '..');

const examples = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, document: documentOf(file) }));
const trials = examples.flatMap(({ file, document }) =>
  (document.tests ?? []).map((trial) => ({ file, name: trial.name, document, trial })),
);

let database: TestDatabase;
let opened: Process;
let workspace: string;
let ahead = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openProcess({
    config: readConfig({ DATABASE_URL: database.url }),
    role: 'starter',
    log: openLog({ level: 'error' }),
    clock: () => Date.now() + ahead,
  });
  workspace = await findWorkspace(opened.ground.database.app.sql, 'main');
});

afterAll(async () => {
  await opened.close();
  await database[Symbol.asyncDispose]();
});

describe('what the gallery shows', () => {
  test.each(examples)('$file says what it is for and is drawn, titled and tried', ({ document }) => {
    const { title, summary, category, tags = [] } = document.about ?? {};
    expect([title, summary, category].filter((text) => (text ?? '').length < 4)).toEqual([]);
    expect(tags.length).toBeGreaterThan(1);
    expect(document.nodes.filter((node) => node.title === undefined || node.at === undefined)).toEqual([]);
    expect(new Set(document.nodes.map((node) => String(node.at))).size).toBe(document.nodes.length);
    expect(document.tests?.[0]?.gives).toBeDefined();
  });

  test.each(examples)(
    'nothing is wrong with $file, not even a little; what it needs is an Issue until it is there',
    ({ document }) => {
      const issues = check(document, catalogue);
      expect(issues.filter(({ code }) => code !== 'address-example')).toEqual([]);
      expect(issues).toHaveLength(document.about?.needs?.length ?? 0);
    },
  );

  test('data flows from left to right, but for what goes back into a loop', () => {
    for (const { file, document } of examples) {
      const x = new Map(document.nodes.map(({ key, at }) => [key, at?.[0] ?? 0]));
      const back = document.edges.filter(
        ({ from, to }) => x.get(from.split('.')[0]!)! >= x.get(to.split('.')[0]!)! && !to.endsWith('.next'),
      );
      expect(back, file).toEqual([]);
    }
  });
});

describe('through the engine, on Postgres', () => {
  test.each(trials)('$file: $name', async ({ document, trial }) => {
    const { run, plan } = await carry(document, trial);
    const whole = wholeRun(run, plan, await opened.ledger.readFacts(run));
    expect(whole.error).toBeUndefined();
    expect(whole.status).toBe('finished');
    expect(differences(Array.isArray(trial.gives) ? trial.gives : [trial.gives], whole.output)).toEqual([]);
  });

  test('every node of every example runs in one of its tests, a feed that is down apart', async () => {
    for (const { file, document } of examples) {
      const ran = new Set<string>();
      for (const trial of document.tests ?? []) {
        const { run, plan } = await carry(document, trial);
        const { steps } = wholeRun(run, plan, await opened.ledger.readFacts(run));
        for (const { key, status } of steps) if (status === 'finished') ran.add(key);
      }
      const idle = document.nodes.map(({ key }) => key).filter((key) => !ran.has(key) && key !== 'down');
      expect(idle, file).toEqual([]);
    }
  });
});

test('the sales of the nightly report are made of their seed, and its report is worked out without Heddle', () => {
  const sales = makeSales();
  const trial = documentOf('nightly-sales-etl.json').tests?.[0];
  expect(sales.length).toBeGreaterThan(5_000);
  expect(trial?.with?.['download']).toEqual([csvOf(sales)]);
  expect(trial?.gives).toEqual(reportOf(sales));
});

describe('cut off anywhere and taken up again, it ends the same', () => {
  test.each(trials)('$file: $name', async ({ document, trial }) => {
    const plan = planOf(document);
    const start = trial.start ?? plan.starts[0]!;
    const options = {
      nodes: allNodes,
      far: farSide(),
      start,
      input: startInput(plan, start, trial.input),
      pins: pinsOf(plan, trial),
      lend: lender({
        http: opened.http,
        wallet: { open: never, openAll: never },
        origins: new Origins(),
        answers: new AnswerRooms(),
        grantsOf: never,
        sandbox: opened.sandbox,
        state: never,
        file: () => ({ read: never, readText: never, write: never, writeText: never }),
        spool: never,
        keep: never,
        allowed: () => [],
        ownCalls: { mark: () => ({}) },
      })({ workspace, run: 'run_test', plan, state: () => emptyState }),
    };
    const { state } = await play(document, options);
    expect(state.output).toEqual([trial.gives].flat());
    const handful = (total: number) =>
      new Set([1, 2, total >> 2, total >> 1, (total * 3) >> 2, total - 1].filter((cut) => cut > 0 && cut < total));
    expect(await cutEverywhere(document, options, handful)).toBeGreaterThan(1);
  });
});

describe('heddle run', () => {
  const files = mkdtempSync(path.join(tmpdir(), 'heddle-examples-'));
  afterAll(() => rmSync(files, { recursive: true }));
  const write = (name: string, content: unknown) => {
    const file = path.join(files, name);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };

  test.each(['order-webhook.json', 'customer-segments.json'])(
    '%s as it is: prints the output, exit 0',
    async (file) => {
      const { code, out, said } = await heddle('run', path.join(folder, file));
      expect({ code, said }).toEqual({ code: 0, said: '' });
      expect(JSON.parse(out)).toEqual([documentOf(file).tests?.[0]?.gives].flat());
    },
  );

  test('a loop with waits is over at once with --fast, and tells its steps with --json', async () => {
    const { code, out } = await heddle('run', path.join(folder, 'reminder-batches.json'), '--fast', '--json');
    expect(code).toBe(0);
    const { status, steps } = JSON.parse(out);
    expect(status).toBe('finished');
    expect(
      steps.filter((step: { key: string }) => step.key === 'sent').map((step: { path: string }) => step.path),
    ).toEqual(['/batches:0', '/batches:1', '/batches:2']);
  });

  test('another result than its test gives: a diff by path, exit 1', async () => {
    const document = documentOf('order-webhook.json');
    const [trial] = document.tests ?? [];
    const gives = { ...(trial?.gives as object), carrier: 'parcel', total: 935.36 };
    const { code, said } = await heddle('run', write('differs.json', { ...document, tests: [{ ...trial, gives }] }));
    expect(code).toBe(1);
    expect(said).toBe(
      [
        `The output differs from what the test "${trial?.name}" gives:`,
        '  output[0].carrier: expected "parcel", got "freight"',
        '  output[0].total: expected 935.36, got 935.35',
        '',
      ].join('\n'),
    );
  });

  test('a broken document: Issues that say where, what and what mends it, exit 2', async () => {
    const document = documentOf('order-webhook.json');
    const broken = {
      ...document,
      nodes: document.nodes.map((node) =>
        node.key === 'price'
          ? {
              ...node,
              params: { fields: [{ name: 'total', type: 'number', value: "{{ $('prise').first().total + }}" }] },
            }
          : node.key === 'large'
            ? { ...node, type: 'rules.iff' }
            : node,
      ),
      edges: [...document.edges, { from: 'price', to: 'nowhere' }],
    };
    const { code, out, said } = await heddle('run', write('broken.json', broken), '--json');
    expect({ code, said }).toEqual({ code: 2, said: '' });
    const { issues } = JSON.parse(out);
    const found = issues.map(({ code: name, where }: { code: string; where: object }) => [name, where]);
    expect(found).toEqual(
      expect.arrayContaining([
        [expect.stringContaining('expression'), expect.objectContaining({ node: 'price' })],
        [expect.stringContaining('type'), expect.objectContaining({ node: 'large' })],
        [expect.stringContaining('edge'), expect.objectContaining({ edge: document.edges.length })],
      ]),
    );
    for (const { level, message, mend } of issues) {
      expect(level).toBe('error');
      expect(message.length).toBeGreaterThan(10);
      expect(mend.length).toBeGreaterThan(10);
    }
    const readable = await heddle('run', path.join(files, 'broken.json'));
    expect(readable.code).toBe(2);
    expect(readable.said).toContain('error at large: ');
  });

  test('a run that waits for a person says for what, exit 3', async () => {
    const waiting = {
      heddle: 1,
      name: 'Approve',
      nodes: [
        { key: 'start', type: 'start.manual' },
        { key: 'approve', type: 'control.review', params: { title: 'Pay invoice {{ $json.number }}?' } },
      ],
      edges: [{ from: 'start', to: 'approve' }],
      tests: [{ name: 'asks', input: { number: 17 }, gives: [] }],
    };
    const { code, said } = await heddle('run', write('waiting.json', waiting));
    expect(code).toBe(3);
    expect(said).toContain('it is waiting');
    expect(said).toContain('Pay invoice 17?');
  });
});

const never = (): never => {
  throw new Error('no example reaches this without a pin');
};

function documentOf(file: string): Workflow {
  const parsed = parseWorkflow(readFileSync(path.join(folder, file), 'utf8'));
  if (!parsed.ok) throw new Error(`${file}: ${JSON.stringify(parsed.issues)}`);
  return parsed.document;
}

function planOf(document: Workflow): Plan {
  const compiled = compile(document, catalogue);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  return compiled.plan;
}

const pinsOf = (plan: Plan, { with: pins = {} }: WorkflowTest) =>
  Object.fromEntries(
    Object.entries(pins).map(([key, value]) => [
      key,
      Array.isArray(value) ? { [plan.nodes[key]!.outputs[0]!]: value } : value,
    ]),
  );

/** Carries a test of a document to its end, the clock moved over its waits. */
async function carry(document: Workflow, trial: WorkflowTest): Promise<{ run: string; plan: Plan }> {
  const plan = planOf(document);
  const start = trial.start ?? plan.starts[0]!;
  const { run } = await opened.engine.start({
    workspace,
    workflow: { id: `example_${plan.fingerprint.slice(0, 12)}`, name: document.name, version: null },
    plan,
    document,
    start,
    input: startInput(plan, start, trial.input),
    lane: 'interactive',
    mode: 'test',
    trigger: { kind: 'manual', key: start },
    pins: pinsOf(plan, trial),
  });
  const jump = (to: number) => void (ahead = Math.max(ahead, to - Date.now()));
  await watchRun(opened, run, { waitMs: 20_000, isDriver: true, jump });
  return { run, plan };
}

/** The command line as a process of its own, on the same database. */
function heddle(...args: string[]): Promise<{ code: number | null; out: string; said: string }> {
  const env = { ...process.env, DATABASE_URL: database.url, NODE_NO_WARNINGS: '1' };
  const child = spawn(process.execPath, ['--no-node-snapshot', path.join(root, 'server/cli/main.ts'), ...args], {
    env,
  });
  const out: Buffer[] = [];
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, out: Buffer.concat(out).toString(), said: Buffer.concat(said).toString() }),
    );
  });
}
