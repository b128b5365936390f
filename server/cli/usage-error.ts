/** The command was used in a way that cannot work: said in a sentence, and the command ends with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
