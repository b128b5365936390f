/** So many pieces become one text at once, or pieces of so many letters. */
const atOnce = 2_048;
const lettersAtOnce = 1024 * 1024;

/** A long text that is put together from very many short ones: joined block by block, because a list of eight million takes half a second in one go. */
export class TextBlocks {
  private readonly blocks: string[] = [];
  private pieces: string[] = [];
  private letters = 0;

  /** Adds pieces to the end. */
  push(...pieces: readonly string[]): void {
    this.pieces.push(...pieces);
    for (const { length } of pieces) this.letters += length;
    if (this.pieces.length >= atOnce || this.letters >= lettersAtOnce) this.join();
  }

  /** All that was added. */
  whole(): string {
    return this.inBlocks().join('');
  }

  /** The same in parts. */
  inBlocks(): readonly string[] {
    this.join();
    return this.blocks;
  }

  private join(): void {
    this.blocks.push(this.pieces.join(''));
    this.pieces = [];
    this.letters = 0;
  }
}
