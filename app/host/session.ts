import { keep, kept } from './keep.ts';

const place = 'heddle.workspace';

/** Remembers the slug of the workspace that the person works in, for this browser; undefined leaves the choice to the server. */
export const chooseWorkspace = (slug: string | undefined): void => void keep(place, slug);

/** What every request says of it; who asks is known by the cookie. */
export function sessionHeaders(): Record<string, string> {
  const slug = kept(place);
  return slug === undefined ? {} : { 'heddle-workspace': slug };
}
