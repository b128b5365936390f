/** The turns of a path as people count them: `/loop:2/inner:0` is `turn 3.1`; the root has none. */
export function turnWords(path: string): string {
  const turns = path.split('/').flatMap((part) => {
    const turn = Number(part.split(':')[1]);
    return part === '' || Number.isNaN(turn) ? [] : [turn + 1];
  });
  return turns.length === 0 ? '' : `turn ${turns.join('.')}`;
}
