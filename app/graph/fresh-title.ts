/** A title that no node of these has: the one that is wanted, or with the next free number behind it. Lists can then tell nodes apart. */
export function freshTitle(title: string, taken: ReadonlySet<string>): string {
  if (!taken.has(title)) return title;
  const stem = title.replace(/ \d+$/, '') || title;
  for (let number = 2; ; number++) if (!taken.has(`${stem} ${number}`)) return `${stem} ${number}`;
}
