import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { middle } from './box.ts';

/** A place on the canvas, in pixels from its top left corner. */
export type Spot = readonly [x: number, y: number];

/** What somebody with a mouse does on the canvas. */
export interface Drawer {
  /** The card of a node, by its title. */
  card(title: string): Locator;
  /** Drags a node from the palette to a spot, so that its middle lies there. */
  drop(title: string, at: Spot): Promise<void>;
  /** Drags an edge from a port to another card. */
  connect(from: string, port: string, to: string): Promise<void>;
  /** Drags an edge from a port to an empty spot and takes a node from the picker that opens there. */
  pullOut(from: string, port: string, at: Spot, words: string): Promise<void>;
  /** Chooses a node by a click, so that its form is seen. */
  choose(title: string): Promise<void>;
  /** The edge between two nodes, by their titles. */
  edge(from: string, to: string): Locator;
  /** Where somebody presses an edge: a spot on the screen, so far along it (0 to 1). */
  along(edge: Locator, share?: number): Promise<Spot>;
  /** Presses the mouse at a spot of the screen and lets it go at another, with a hand's way between. */
  drag(from: Spot, to: Spot): Promise<void>;
  /** The titles of all cards, in the order of the document. */
  titles(): Promise<readonly string[]>;
  /** The form of the chosen node. */
  readonly form: Locator;
}

/** Gives somebody at a page a mouse. */
export function drawerAt(page: Page): Drawer {
  const canvas = page.getByRole('main', { name: 'Canvas' });
  const card = (title: string) => canvas.locator('.node').filter({ has: page.getByText(title, { exact: true }) });
  const eye = (title: string, port: string) => card(title).locator(`[data-handleid="${port}"]`);
  const pull = async (from: Locator, to: Spot) => drag(await middle(from), to);
  const drag = async (start: Spot, to: Spot) => {
    await page.mouse.move(...start);
    await page.mouse.down();
    // As a hand does: off the port first, then there.
    await page.mouse.move(start[0] + 12, start[1] + 4);
    await page.mouse.move(...to, { steps: 6 });
    await page.mouse.up();
  };
  return {
    card,
    drag,
    edge: (from, to) => canvas.getByRole('group', { name: betweenNodes(from, to) }),
    along: (edge, share = 0.5) => edge.locator('.thread').evaluate(pointAlong, share),
    // A card that was just put there is measured before it is shown; its text is there all the while.
    titles: () => canvas.locator('.node .node-title').allTextContents(),
    form: page.getByRole('complementary', { name: 'Node', exact: true }),
    drop: async (title, [x, y]) => {
      const palette = page.getByRole('complementary', { name: 'Nodes' });
      await palette
        .getByRole('button', { name: title, exact: true })
        .dragTo(canvas, { targetPosition: { x, y }, force: true });
      await expect(card(title)).toBeVisible();
    },
    connect: async (from, port, to) => {
      const edges = canvas.locator('.react-flow__edge');
      const before = await edges.count();
      await pull(eye(from, port), await middle(card(to).locator('.eye.in').first()));
      await expect(edges).toHaveCount(before + 1);
    },
    pullOut: async (from, port, [x, y], words) => {
      const room = await canvas.boundingBox();
      await pull(eye(from, port), [(room?.x ?? 0) + x, (room?.y ?? 0) + y]);
      const picker = page.getByRole('dialog', { name: 'Add a node' });
      await picker.getByRole('combobox').fill(words);
      await picker.getByRole('option').first().click();
      await expect(picker).toBeHidden();
    },
    choose: async (title) => {
      await card(title).locator('.node-selvage').click();
      await expect(
        page.getByRole('complementary', { name: 'Node', exact: true }).getByRole('heading', { level: 2 }),
      ).toHaveText(title);
    },
  };
}

/** A point of a path on the screen, so far along it, once the camera rests. In the page. */
async function pointAlong(path: SVGElement, share: number): Promise<[number, number]> {
  if (!(path instanceof SVGPathElement)) throw new Error('An edge is a path.');
  const spot = (): [number, number] => {
    const { x, y } = path
      .getPointAtLength(path.getTotalLength() * share)
      .matrixTransform(path.getScreenCTM() ?? undefined);
    return [x, y];
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let [last, still] = [spot(), 0];
  while (still < 6) {
    await frame();
    const now = spot();
    still = now[0] === last[0] && now[1] === last[1] ? still + 1 : 0;
    last = now;
  }
  return last;
}

/** Edges name their ports where a node has several: any of them is meant. */
function betweenNodes(from: string, to: string): RegExp {
  const end = (title: string) => `${title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}( \\([^)]*\\))?`;
  return new RegExp(`^From ${end(from)} to ${end(to)}$`);
}
