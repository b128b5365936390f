import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { showOverview } from './overview.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const part = (left: number, top: number, right: number, bottom: number) => ({
  getBoundingClientRect: () => ({ left, top, right, bottom }),
});

/** A canvas with its overview at the lower right, and a card somewhere. */
function canvas(card: ReturnType<typeof part>) {
  const overview = part(836, 696, 988, 788);
  const pointer = { isOver: false };
  const room = {
    dataset: {} as Record<string, string>,
    querySelector: (what: string) => (what.endsWith(':hover') && !pointer.isOver ? null : overview),
    querySelectorAll: () => [card],
  };
  vi.stubGlobal('document', { querySelectorAll: () => [room] });
  const isSeen = () => room.dataset['overview'] === 'true';
  return { pointer, isSeen };
}

test('the overview lay over a card at the lower right, seen or not: it goes as soon as the camera rests', () => {
  const { isSeen } = canvas(part(900, 650, 1076, 702));
  showOverview();
  vi.advanceTimersByTime(150);
  showOverview();
  vi.advanceTimersByTime(150);
  expect(isSeen()).toBe(true);
  vi.advanceTimersByTime(60);
  expect(isSeen()).toBe(false);
});

test('where it lies over nothing it stays a second after the camera moved, and for a pointer that came to it', () => {
  const { isSeen, pointer } = canvas(part(100, 100, 276, 152));
  showOverview();
  vi.advanceTimersByTime(1_100);
  expect(isSeen()).toBe(true);
  pointer.isOver = true;
  vi.advanceTimersByTime(5_000);
  expect(isSeen()).toBe(true);
  pointer.isOver = false;
  vi.advanceTimersByTime(1_300);
  expect(isSeen()).toBe(false);
});

test('what can be pressed is what can be seen', async () => {
  const { readFileSync } = await import('node:fs');
  const sheet = readFileSync(new URL('graph.css', import.meta.url), 'utf8');
  const rule = /\.flow-room:not\(\[data-overview='true'\]\) \.react-flow__minimap\.float \{([^}]*)\}/.exec(sheet)?.[1];
  expect(rule).toContain('opacity: 0');
  expect(rule).toContain('pointer-events: none');
});
