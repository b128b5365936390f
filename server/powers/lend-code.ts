import { instead } from '../../flow/code/absent.ts';
import { readCode } from '../../flow/code/read.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { nearest, seenOf } from '../../flow/facts/items.ts';
import { turnOf } from '../../flow/facts/path.ts';
import type { CodePower } from '../../nodes/kit/powers.ts';
import type { PowerRequest } from '../engine/carriage.ts';
import type { CodeFault, CodeScope, Sandbox } from '../sandbox/sandbox.ts';
import type { Borrower } from './lend.ts';

/** Lends the sandbox to a node of a run: what its code sees of the run, and where its log goes. */
export function codePower(
  sandbox: Pick<Sandbox, 'runCode'>,
  borrower: Pick<Borrower, 'workspace' | 'state' | 'run'>,
  request: PowerRequest,
): CodePower {
  return {
    run: async ({ source, mode, items, timeoutMs = 10_000, memoryMb = 128 }) => {
      const { workspace } = borrower;
      const result = await sandbox.runCode(
        { workspace, source, mode, items, scope: scopeOf(source, borrower, request), timeoutMs, memoryMb },
        request.signal,
        ({ level, text }) => request.log(level, text),
      );
      if (result.ok) return result.output;
      throw faultOf(result.fault, source);
    },
  };
}

function scopeOf(source: string, { state, run }: Pick<Borrower, 'state' | 'run'>, request: PowerRequest): CodeScope {
  const { view, path } = request;
  const { keys, dynamic } = readCode(source);
  // A node that is named by something worked out may be any.
  const named = new Set(dynamic ? Object.keys(view.plan.nodes) : keys.map(({ key }) => key));
  const records = [...named].map((key) => ({ key, record: nearest(view, key, path) }));
  const { started } = state();
  const link = request.resumeUrl === undefined ? {} : { resumeUrl: request.resumeUrl };
  return {
    now: request.now,
    zone: view.plan.settings.timezone,
    seed: request.seed,
    nodes: Object.fromEntries(records.map(({ key, record }) => [key, record ? seenOf(view, record) : []])),
    executed: records.flatMap(({ key, record }) => (record ? [key] : [])),
    workflow: { id: started?.workflow.id ?? '', name: started?.workflow.name ?? '' },
    run: { id: run, mode: started?.mode ?? 'live', ...link },
    step: { key: request.node.key, path, ...link },
    turn: turnOf(path),
    vars: started?.vars ?? {},
  };
}

function faultOf({ code, message, ...where }: CodeFault, source: string): Fault {
  const name = /^ReferenceError: (\S+) is not defined$/.exec(message)?.[1];
  const waitsByClock = code === 'code.timeout' && /\bwhile\b|\bfor\b/.test(source) && readsClock.test(source);
  const mend = waitsByClock ? clockWords : name === undefined ? undefined : instead(name);
  return new Fault(code, `${message}${placeWords(where)}`, { details: where, ...(mend === undefined ? {} : { mend }) });
}

const readsClock = /\bDate\.now\(|\bnew Date\(\)|\bDateTime\.(?:now|local)\(/;
const clockWords = 'The clock stands still while code runs, so a loop that waits by it never ends. Use a Wait node.';

/** Where in the author's code, as a person would look it up: `(line 3, column 7, $itemIndex 2)`. */
function placeWords({ line, column, item }: Pick<CodeFault, 'line' | 'column' | 'item'>): string {
  const words = [
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(line === undefined || column === undefined ? [] : [`column ${column}`]),
    ...(item === undefined ? [] : [`$itemIndex ${item}`]),
  ];
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
