const place = 'heddle.workspace';

/** The slug of the workspace that the person works in; undefined leaves the choice to the server. */
export function chosenWorkspace(): string | undefined {
  try {
    return localStorage.getItem(place) ?? undefined;
  } catch {
    return undefined; // storage may be forbidden: the first workspace it is
  }
}

/** Remembers a workspace for this browser; undefined forgets it. */
export function chooseWorkspace(slug: string | undefined): void {
  try {
    if (slug === undefined) localStorage.removeItem(place);
    else localStorage.setItem(place, slug);
  } catch {
    // As above.
  }
}

/** What every request says about it. */
export function workspaceHeaders(): Record<string, string> {
  const slug = chosenWorkspace();
  return slug === undefined ? {} : { 'heddle-workspace': slug };
}
