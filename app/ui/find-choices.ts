/** What can be chosen by its words. */
interface Titled {
  readonly title: string;
  readonly says?: string;
}

/**
 * The choices that have all the words, whatever their case: those that are called so first, then those that begin with them, then those of which
 * a word begins with each, then the rest; among equals in their own order.
 */
export function findChoices<One extends Titled>(choices: readonly One[], words: string): readonly One[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return choices;
  const parts = wanted.split(/\s+/);
  const nearness = ({ title, says = '' }: One): number => {
    const text = title.toLowerCase();
    if (text === wanted) return 0;
    if (text.startsWith(wanted)) return 1;
    if (parts.every((part) => ` ${text}`.includes(` ${part}`))) return 2;
    return parts.every((part) => `${text} ${says.toLowerCase()}`.includes(part)) ? 3 : 4;
  };
  const near = choices.map((choice) => [choice, nearness(choice)] as const).filter(([, far]) => far < 4);
  return near.toSorted(([, one], [, other]) => one - other).map(([choice]) => choice);
}
