/** So many pieces become one text at once. */
const atOnce = 2_048;

/** A long text that is put together from very many short ones: joined block by block, because a list of eight million takes half a second in one go. */
export class TextBlocks {
  private readonly blocks: string[] = [];
  private pieces: string[] = [];

  /** Adds pieces to the end. */
  push(...pieces: readonly string[]): void {
    this.pieces.push(...pieces);
    if (this.pieces.length >= atOnce) this.join();
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
  }
}
