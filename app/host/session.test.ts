import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** A browser: what all tabs keep, and tabs with what each keeps. */
const all = new Map<string, string>();
const storageOf = (words: Map<string, string>) => ({
  getItem: (name: string) => words.get(name) ?? null,
  setItem: (name: string, word: string) => void words.set(name, word),
  removeItem: (name: string) => void words.delete(name),
});

/** Loads a page in a tab. */
async function load(tab: Map<string, string>) {
  vi.stubGlobal('localStorage', storageOf(all));
  vi.stubGlobal('sessionStorage', storageOf(tab));
  let focus: () => void = () => undefined;
  vi.stubGlobal('addEventListener', (_: string, told: () => void) => (focus = told));
  vi.stubGlobal('document', { hasFocus: () => true });
  vi.resetModules();
  const page = await import('./session.ts');
  page.lendWorkspace();
  const look = () => {
    vi.stubGlobal('sessionStorage', storageOf(tab));
    focus();
  };
  return { ...page, look, workspace: () => page.sessionHeaders()['heddle-workspace'] };
}

beforeEach(() => all.clear());
afterEach(() => vi.unstubAllGlobals());

test('a page stays in its workspace, whatever another tab chooses, and so does the tab over a reload', async () => {
  const [one, other] = [new Map<string, string>(), new Map<string, string>()];
  (await load(one)).chooseWorkspace('mill');
  const first = await load(one);
  expect(first.workspace()).toBe('mill');
  (await load(other)).chooseWorkspace('dye');
  expect((await load(other)).workspace()).toBe('dye');
  expect(first.workspace()).toBe('mill');
  expect((await load(one)).workspace()).toBe('mill');
});

test('what a page saves while it is left belongs to the workspace that it is of', async () => {
  const tab = new Map<string, string>();
  (await load(tab)).chooseWorkspace('mill');
  const page = await load(tab);
  page.chooseWorkspace('dye');
  expect(page.workspace()).toBe('mill');
  page.look();
  expect((await load(tab)).workspace()).toBe('dye');
});

test('a new tab takes the workspace of the one that was looked at last', async () => {
  const tabs = [new Map<string, string>(), new Map<string, string>()];
  (await load(tabs[0]!)).chooseWorkspace('mill');
  const first = await load(tabs[0]!);
  (await load(tabs[1]!)).chooseWorkspace('dye');
  expect((await load(new Map())).workspace()).toBe('dye');
  first.look();
  expect((await load(new Map())).workspace()).toBe('mill');
});

test('who logs out leaves the choice to the server again', async () => {
  const tab = new Map<string, string>();
  (await load(tab)).chooseWorkspace('mill');
  (await load(tab)).chooseWorkspace(undefined);
  expect((await load(tab)).workspace()).toBeUndefined();
});

test('a workspace that the server chose is the page’s and the tab’s, whatever another tab chooses afterwards', async () => {
  const tab = new Map<string, string>();
  const page = await load(tab);
  page.settleWorkspace('main');
  (await load(new Map())).chooseWorkspace('dye');
  expect(page.workspace()).toBe('main');
  expect((await load(tab)).workspace()).toBe('main');
  page.settleWorkspace('other');
  expect(page.workspace()).toBe('main');
});

test('who is no member of the workspace that a page names has the server choose, once', async () => {
  const tab = new Map<string, string>();
  (await load(tab)).chooseWorkspace('gone');
  expect((await load(tab)).forgetWorkspace()).toBe(true);
  const again = await load(tab);
  expect([again.workspace(), again.forgetWorkspace()]).toEqual([undefined, false]);
});
