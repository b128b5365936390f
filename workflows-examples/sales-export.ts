/**
 * The export that `nightly-sales-etl.json` is tried with, and its report worked out without any of Heddle: made of a fixed
 * seed, so that it is the same on every machine. `node workflows-examples/sales-export.ts` prints the CSV.
 */

interface Sale {
  readonly line: string;
  readonly order: string;
  readonly soldAt: string;
  readonly store: string;
  readonly region: string;
  readonly sku: string;
  readonly category: string;
  /** Empty where the till lost it. */
  readonly quantity: number | undefined;
  readonly cents: number;
  readonly status: 'paid' | 'refunded' | 'cancelled' | 'test';
  readonly customer: string;
}

const stores: readonly (readonly [name: string, region: string])[] = [
  ['Amsterdam Oost', 'West'],
  ['Den Haag, Markt', 'West'],
  ['Groningen', 'North'],
  ['Leeuwarden', 'North'],
  ['Eindhoven', 'South'],
  ['Maastricht', 'South'],
  ['Enschede', 'East'],
  ['Webshop', 'Online'],
];
const goods: readonly (readonly [sku: string, category: string, cents: number])[] = [
  ['COF-250', 'Coffee', 895],
  ['COF-1000', 'Coffee', 2990],
  ['TEA-100', 'Tea', 1149],
  ['CUP-02', 'Tableware', 1295],
  ['POT-12', 'Tableware', 4499],
  ['GRN-01', 'Machines', 12900],
  ['ESP-77', 'Machines', 64900],
  ['FLT-40', 'Supplies', 379],
  ['CLN-05', 'Supplies', 1199],
];
const customers = [
  'Zoë de Wit',
  'O’Neill, Áine',
  'Jürgen Krüger',
  'Fatima El Amrani',
  'Bakkerij "De Korrel"',
  '',
  'Sven Åberg',
  '王芳',
];

/** 5,200 sale lines of one week, and after them 90 that the tills sent a second time. */
export function makeSales(): Sale[] {
  const draw = mulberry(20_260_316);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)]!;
  const sales = Array.from({ length: 5_200 }, (_, index): Sale => {
    const [store, region] = pick(stores);
    const [sku, category, cents] = pick(goods);
    const luck = draw();
    return {
      line: `L${String(100_001 + index)}`,
      order: `S-${String(40_000 + Math.floor(index / 2.4))}`,
      soldAt: new Date(Date.UTC(2026, 2, 9, 8) + Math.floor(index * 116.3) * 1_000).toISOString().slice(0, 19),
      store,
      region,
      sku,
      category,
      quantity: draw() < 0.012 ? undefined : 1 + Math.floor(draw() ** 3 * (cents > 10_000 ? 4 : 12)),
      cents: draw() < 0.15 ? Math.round(cents * 0.85) : cents,
      status: luck < 0.92 ? 'paid' : luck < 0.96 ? 'refunded' : luck < 0.99 ? 'cancelled' : 'test',
      customer: pick(customers),
    };
  });
  return [...sales, ...Array.from({ length: 90 }, () => pick(sales))];
}

/** The lines as the tills export them (RFC 4180). */
export function csvOf(sales: readonly Sale[]): string {
  const cell = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const rows = sales.map(({ line, order, soldAt, store, region, sku, category, quantity, cents, status, customer }) =>
    [
      line,
      order,
      soldAt,
      store,
      region,
      sku,
      category,
      String(quantity ?? ''),
      (cents / 100).toFixed(2),
      status,
      customer,
    ]
      .map(cell)
      .join(','),
  );
  return ['line,order,sold_at,store,region,sku,category,quantity,unit_price,status,customer', ...rows, ''].join('\n');
}

/** What the workflow must report about them: paid lines with a quantity, each counted once, by region, most revenue first. */
export function reportOf(sales: readonly Sale[]) {
  const paid = new Map<string, Sale & { quantity: number }>();
  for (const sale of sales)
    if (sale.status === 'paid' && sale.quantity !== undefined && !paid.has(sale.line))
      paid.set(sale.line, { ...sale, quantity: sale.quantity });
  const total = (sale: { quantity: number; cents: number }) => sale.quantity * sale.cents;
  const regions = [...Map.groupBy(paid.values(), (sale) => sale.region)].map(([region, lines]) => ({
    region,
    lines: lines.length,
    pieces: lines.reduce((sum, sale) => sum + sale.quantity, 0),
    cents: lines.reduce((sum, sale) => sum + total(sale), 0),
    largest: lines.reduce((most, sale) => (total(sale) > total(most) ? sale : most)),
  }));
  const rows = regions
    .toSorted((a, b) => b.cents - a.cents)
    .map(
      ({ region, lines, pieces, cents, largest }) =>
        `${region},${lines},${pieces},${cents / 100},${largest.line},${total(largest) / 100}`,
    );
  return {
    read: sales.length,
    counted: paid.size,
    report: ['region,lines,pieces,revenue,largest_line,largest_amount', ...rows, ''].join('\n'),
  };
}

/** Numbers in [0, 1) from a seed (mulberry32, public domain). */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

if (import.meta.main) process.stdout.write(csvOf(makeSales()));
