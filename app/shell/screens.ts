/** A screen inside the frame. A new one is a row here, its component in `routes.tsx` and its icon in `side.tsx`, each asked for by a type error. */
interface ScreenRow {
  /** Where the side bar and the command "Go to" lead; the first part of it is nobody else's. */
  readonly path: string;
  /** What an address may name within it, as the route says it: `/:name?`. */
  readonly within?: string;
  readonly title: string;
  /** The keys of the command that goes there. */
  readonly keys?: string;
}

/** Every screen inside the frame, in the order of the commands that go there. */
export const screens = {
  home: { path: '/', title: 'Home', keys: 'G H' },
  runs: { path: '/runs', title: 'Runs', keys: 'G R' },
  gallery: { path: '/gallery', within: '/:name?', title: 'Gallery', keys: 'G G' },
  connections: { path: '/connections', title: 'Connections', keys: 'G C' },
  reviews: { path: '/reviews', title: 'Approvals', keys: 'G V' },
  settings: { path: '/settings', within: '/:part?', title: 'Settings', keys: 'G S' },
} as const satisfies Readonly<Record<string, ScreenRow>>;

export type ScreenName = keyof typeof screens;

/** All screens, each with its name. */
export const allScreens: readonly (ScreenRow & { readonly name: ScreenName })[] = Object.entries(screens).map(
  ([name, row]) => ({ ...row, name: name as ScreenName }),
);

/** What the screen at an address is called; undefined where none is. */
export const titleAt = (address: string): string | undefined =>
  allScreens.find(({ path }) => path.split('/')[1] === (address.split('/')[1] ?? ''))?.title;
