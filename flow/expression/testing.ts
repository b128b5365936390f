import type { NodeScope, Scope } from './scope.ts';

/** A scope for tests: an item, and other nodes' items by key; at noon of 5 March 2024 UTC, in Berlin. */
export function scopeOf(
  json: unknown,
  nodes: Record<string, readonly unknown[]> = {},
  more: Partial<Scope> = {},
): Scope {
  return {
    json,
    itemIndex: 0,
    items: [json],
    node: (key) => (Object.hasOwn(nodes, key) ? nodeOf(nodes[key] ?? []) : undefined),
    now: Date.UTC(2024, 2, 5, 12),
    zone: 'Europe/Berlin',
    turn: 0,
    runIndex: 0,
    workflow: { id: 'wf_1', name: 'Orders' },
    run: { id: 'run_1', mode: 'manual', resumeUrl: 'https://example.com/resume' },
    vars: { LIMIT: 10 },
    random: () => 0.5,
    ...more,
  };
}

function nodeOf(items: readonly unknown[]): NodeScope {
  return { item: () => items[0], first: () => items[0], last: () => items.at(-1), all: () => items };
}
