/** What the parts of the bench came to, as in SPEED.md. */
export type Figures = Record<string, Record<string, unknown>>;

interface Row {
  readonly name: string;
  readonly at: readonly [part: string, field: string];
  readonly unit: string;
  /** Absent where SPEED.md asks for nothing. */
  readonly floor?: number;
  readonly goal?: number;
  /** Whether less is better. */
  readonly less?: boolean;
}

const rows: readonly Row[] = [
  { name: 'S1 at 10', at: ['S1', 'rps'], unit: '/s', floor: 1_000, goal: 2_500 },
  { name: 'S1 at 50', at: ['S1', 'rps50'], unit: '/s', floor: 1_500, goal: 5_000 },
  { name: 'S1 p99 at 50', at: ['S1', 'p99at50'], unit: 'ms', goal: 25, less: true },
  { name: 'S1 p50 unloaded', at: ['S1', 'unloaded'], unit: 'ms', floor: 5, goal: 2.5, less: true },
  { name: 'S2 at 10', at: ['S2', 'rps'], unit: '/s', goal: 2_700 },
  { name: 'S2 at 50', at: ['S2', 'rps50'], unit: '/s', goal: 2_700 },
  { name: 'S2 of S1 at 50', at: ['ratio', 's2'], unit: '×', floor: 0.6 },
  { name: 'S3 accepted at 50', at: ['S3', 'accepted'], unit: '/s', floor: 2_000, goal: 6_000 },
  { name: 'S3 completed at 50', at: ['S3', 'rps'], unit: '/s', floor: 2_000, goal: 6_000 },
  { name: 'S4', at: ['S4', 'ms'], unit: 'ms', floor: 200, goal: 60, less: true },
  { name: 'S4 code alone', at: ['S4', 'code'], unit: 'ms' },
  { name: 'S5a', at: ['S5', 'a'], unit: 'ms', floor: 25, goal: 8, less: true },
  { name: 'S5b', at: ['S5', 'b'], unit: 'ms', floor: 40, goal: 15, less: true },
  { name: 'S6', at: ['S6', 'ms'], unit: 'ms', floor: 100, goal: 30, less: true },
  { name: 'S7, 10,000 POSTs', at: ['S7', 'ms'], unit: 'ms', less: true },
  { name: 'S7 of bare calls', at: ['S7', 'ratio'], unit: '×', goal: 2.5, less: true },
  { name: 'S7 of bare, answered at once', at: ['S7', 'ratioAtOnce'], unit: '×', less: true },
  { name: 'S7 item at 30,000', at: ['S7', 'growth'], unit: '×', goal: 1.3, less: true },
  { name: 'S7 turn at 10,000', at: ['S7', 'turnGrowth'], unit: '×', goal: 1.3, less: true },
  { name: 'secrets in 10 MB', at: ['redaction', 'ms'], unit: 'ms', floor: 3_000, goal: 1_000, less: true },
  { name: 'secrets, byte at 10 MB', at: ['redaction', 'growth'], unit: '×', goal: 1.3, less: true },
  { name: 'S12 pure of its law', at: ['S12', 'pure'], unit: '×', floor: 1, goal: 0.5, less: true },
  { name: 'S12 code of its law', at: ['S12', 'code'], unit: '×', floor: 1, goal: 0.5, less: true },
  { name: "S12 A's own of its law", at: ['S12', 'own'], unit: '×', floor: 1, goal: 0.5, less: true },
  { name: 'S12 p99 beside 10,000 runs', at: ['S12', 'beside'], unit: '×', goal: 2, less: true },
  { name: 'raw at 10', at: ['raw', 'runs10'], unit: '/s' },
  { name: 'raw at 50', at: ['raw', 'runs'], unit: '/s' },
  { name: 'S1 of raw at 50', at: ['ratio', 'raw'], unit: '×', floor: 0.3, goal: 0.5 },
  { name: 'S1 of raw at 10', at: ['ratio', 'raw10'], unit: '×', floor: 0.3, goal: 0.5 },
  { name: 'memory after the load', at: ['memory', 'rss'], unit: 'MB', floor: 450, goal: 250, less: true },
  { name: 'memory idle', at: ['memory', 'idle'], unit: 'MB', floor: 250, goal: 150, less: true },
  { name: 'start to ready', at: ['start', 'ms'], unit: 'ms', floor: 4_000, goal: 1_500, less: true },
  { name: 'canvas, 1,000 nodes', at: ['canvas', 'fps'], unit: 'fps', floor: 40, goal: 55 },
  { name: 'canvas, 1,000 nodes open', at: ['canvas', 'open'], unit: 'ms', floor: 3_000, goal: 1_500, less: true },
  { name: 'canvas, 300 nodes', at: ['canvas', 'fps300'], unit: 'fps', floor: 50 },
  { name: 'canvas, 300 nodes open', at: ['canvas', 'open300'], unit: 'ms', floor: 2_000, less: true },
];

/** A line a figure, with the floor and the goal beside it and what was reached of them. */
export function table(measured: Figures): string {
  const figures: Figures = { ...measured, ratio: ratios(measured) };
  const lines = rows.flatMap((row) => {
    const value = figures[row.at[0]]?.[row.at[1]];
    if (typeof value !== 'number') return [];
    return [
      [row.name, show(value, row.unit), show(row.floor, row.unit), show(row.goal, row.unit), verdict(value, row)],
    ];
  });
  const all = [['', 'measured', 'floor', 'goal', ''], ...lines];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, at) => (at === 0 || at === 4 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function ratios({ S1, S2, raw }: Figures): Record<string, unknown> {
  const of = (a: unknown, b: unknown) =>
    typeof a === 'number' && typeof b === 'number' ? Math.round((a / b) * 100) / 100 : undefined;
  return {
    s2: of(S2?.['rps50'], S1?.['rps50']),
    raw: of(S1?.['rps50'], raw?.['runs']),
    raw10: of(S1?.['rps'], raw?.['runs10']),
  };
}

const show = (value: number | undefined, unit: string) =>
  value === undefined ? '' : `${value.toLocaleString('en')} ${unit}`;

function verdict(value: number, { floor, goal, less = false }: Row): string {
  const reaches = (mark: number) => (less ? value <= mark : value >= mark);
  if (goal !== undefined && reaches(goal)) return 'goal';
  if (floor !== undefined) return reaches(floor) ? 'floor' : 'below the floor';
  return goal === undefined ? '' : 'below the goal';
}
