import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { workflow } from '../flow/document/workflow.ts';
import type { Workflow } from '../flow/document/workflow.ts';
import { median } from './load.ts';
import type { Owner, Served } from './served.ts';

/** Who opens the workflows of the bench. */
export const drawing: Owner = { email: 'bench@example.com', password: 'a long enough password' };

/** How a workflow of some size opens and moves in a real browser: ms until it is seen whole and answers, frames a second at the 95th percentile. */
export interface CanvasFigure {
  readonly open: number;
  readonly pan: number;
  readonly drag: number;
  /** The slower of both. */
  readonly fps: number;
  /** Half of the frames of a pan were quicker. */
  readonly panFrame: number;
  readonly dragFrame: number;
}

/** The canvas at 1,000 nodes, all in sight, and beside it at 300. */
export async function canvas(served: Served, seconds: number): Promise<Readonly<Record<string, unknown>>> {
  const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (file) => file && existsSync(file),
  );
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ baseURL: served.at, viewport: { width: 1440, height: 900 } });
    await logIn(page);
    const small = await one(page, served, 300, seconds);
    const large = await one(page, served, 1_000, seconds);
    return { ...large, fps300: small.fps, open300: small.open, small };
  } finally {
    await browser.close();
  }
}

async function one(page: Page, served: Served, size: number, seconds: number): Promise<CanvasFigure> {
  const { id } = await served.save(field(size));
  const place = `/workflows/${id}`;
  await open(page, place, size);
  const opens: number[] = [];
  for (let n = 0; n < 3; n += 1) opens.push(await open(page, place, size));
  const pan = await frames(page, seconds, panning(page));
  const drag = await frames(page, seconds, await dragging(page));
  const [panFps, dragFps] = [perSecond(pan), perSecond(drag)];
  return {
    open: Math.round(median(opens)),
    pan: panFps,
    drag: dragFps,
    fps: Math.min(panFps, dragFps),
    panFrame: Math.round(median(pan)),
    dragFrame: Math.round(median(drag)),
  };
}

/** Logs the owner of the bench in at a page. */
export async function logIn(page: Page): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(drawing.email);
  await page.getByLabel('Password').fill(drawing.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
}

/** From asking for the page until every node is drawn, the page has rested for a frame and a press on a node has chosen it, ms. */
async function open(page: Page, place: string, size: number): Promise<number> {
  await page.goto('about:blank');
  const from = performance.now();
  await page.goto(place, { waitUntil: 'commit' });
  await page.waitForFunction(
    (all) =>
      document.querySelectorAll('.react-flow__node').length >= all &&
      [...document.querySelectorAll<HTMLElement>('.react-flow__edge')].length >= all / 2,
    size,
    { polling: 'raf', timeout: 60_000 },
  );
  const first = page.locator('.react-flow__node').first();
  await first.click({ force: true });
  await page.locator('.react-flow__node.selected').first().waitFor({ state: 'attached' });
  return performance.now() - from;
}

/** What a hand does on the page for as long as it is asked to go on: one move of the pointer a call. */
type Hand = { begin: () => Promise<void>; move: (n: number) => Promise<void>; end: () => Promise<void> };

/** Takes hold of the ground between the nodes and goes round. */
function panning(page: Page): Hand {
  return {
    begin: async () => {
      await page.keyboard.press('Escape');
      const [x, y] = await ground(page);
      await page.mouse.move(x, y);
      await page.mouse.down();
    },
    move: async (n) => page.mouse.move(...round(620, 470, n)),
    end: () => page.mouse.up(),
  };
}

/** Fits the graph into view, draws a frame around five rows of ten nodes and drags them by one of them. */
async function dragging(page: Page): Promise<Hand> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('1');
  await rested(page);
  const [first, last] = await corners(page);
  await page.keyboard.down('Shift');
  await page.mouse.move(first.x - 4, first.y - 5);
  await page.mouse.down();
  await page.mouse.move(last.x, last.y, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  const chosen = await page.locator('.react-flow__node.selected').count();
  // With Shift, what was chosen before stays chosen.
  if (chosen < 50 || chosen > 54) throw new Error(`${chosen} nodes were chosen instead of 50.`);
  const [x, y] = [first.x + 5, first.y + 4];
  return {
    begin: async () => {
      await page.mouse.move(x, y);
      await page.mouse.down();
    },
    move: (n) => page.mouse.move(...round(x, y, n)),
    end: () => page.mouse.up(),
  };
}

/** The top left of a card some rows and columns in, and the middle of the one four rows below and nine columns to its right. */
function corners(page: Page): Promise<[{ x: number; y: number }, { x: number; y: number }]> {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll('.react-flow__node')].map((node) => node.getBoundingClientRect());
    const rows = [...Map.groupBy(boxes, ({ top }) => Math.round(top)).values()];
    const [first, last] = [rows[4]?.[3], rows[8]?.[12]];
    if (!first || !last) throw new Error('There are no rows of nodes.');
    return [
      { x: first.left, y: first.top },
      { x: last.left + last.width / 2, y: last.top + last.height / 2 },
    ];
  });
}

/** Waits until the camera stands still. */
async function rested(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const at = document.querySelector<HTMLElement>('.react-flow__viewport')?.style.transform;
    const was = document.body.dataset['camera']?.split('|') ?? [];
    const still = was[0] === at ? Number(was[1]) + 1 : 0;
    document.body.dataset['camera'] = `${at}|${still}`;
    return still > 30;
  });
  await page.evaluate(() => delete document.body.dataset['camera']);
}

const round = (x: number, y: number, n: number): [number, number] => [
  x + 140 * Math.sin(n / 25),
  y + 90 * (1 - Math.cos(n / 25)),
];

/** A place of the canvas with nothing on it. */
function ground(page: Page): Promise<[number, number]> {
  return page.evaluate(() => {
    const room = document.querySelector('.flow-room')?.getBoundingClientRect();
    if (!room) throw new Error('There is no canvas.');
    for (let y = room.top + 40; y < room.bottom; y += 7)
      for (let x = room.left + 40; x < room.right - 40; x += 7)
        if (document.elementFromPoint(x, y)?.matches('.react-flow__pane')) return [x, y] as [number, number];
    throw new Error('There is no free ground.');
  });
}

/** How long each frame took while the hand moved, ms. */
async function frames(page: Page, seconds: number, hand: Hand): Promise<number[]> {
  await hand.begin();
  for (let n = 0; n < 20; n += 1) await hand.move(n);
  const times = page.evaluate(
    (ms) =>
      new Promise<number[]>((resolve) => {
        const taken: number[] = [];
        const start = performance.now();
        let last = start;
        const next = (now: number) => {
          taken.push(now - last);
          last = now;
          if (now - start < ms) requestAnimationFrame(next);
          else resolve(taken.slice(1));
        };
        requestAnimationFrame(next);
      }),
    seconds * 1_000,
  );
  let isOver = false;
  const over = times.finally(() => void (isOver = true));
  for (let n = 20; !isOver; n += 1) await hand.move(n);
  await hand.end();
  return over;
}

const perSecond = (times: readonly number[]): number => {
  const slow = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 1_000;
  return Math.round(1_000 / slow);
};

/** A document of this many nodes that fills a screen: a start, and chains of branches and steps in rows beside each other. */
export function field(size: number): Workflow {
  const long = Math.round(Math.sqrt(size * 0.72));
  const at = (index: number): [number, number] => [(index % long) * 240, Math.floor(index / long) * 112];
  const nodes = Array.from({ length: size }, (_, index) => ({ at: at(index), ...step(index) }));
  const edges = nodes
    .slice(1)
    .map(({ key }, index) => ({ from: (index + 1) % long === 0 ? 'n0' : `n${index}`, to: key }));
  return workflow.parse({ heddle: 1, name: `${size} nodes`, nodes, edges });
}

const kinds = [
  { type: 'rules.if', params: { where: { all: [{ left: '{{ $json.row }}', op: 'gt', right: 3 }] } } },
  { type: 'data.set', params: { fields: [{ name: 'row', value: '{{ $json.row + 1 }}' }] } },
  { type: 'data.sort', params: { by: [{ field: 'row' }] } },
  { type: 'connect.http-request', params: { method: 'POST', url: 'https://example.com/rows', json: '{{ $json }}' } },
  { type: 'data.limit', params: { count: 10 } },
] as const;

const step = (index: number) =>
  index === 0
    ? { key: 'n0', type: 'start.manual', params: {} }
    : { key: `n${index}`, title: `Step ${index}`, ...kinds[index % kinds.length] };
