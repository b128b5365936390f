/** The smallest room that is made for a body that comes in pieces. */
const leastRoom = 4_096;

/**
 * Bytes that come in pieces from outside, as one buffer. Each piece is copied into room that doubles, so that a body of a million pieces of one byte takes no more
 * than twice its bytes: each piece by itself is an object of some 200 bytes, and holds on to what it was cut from.
 */
export class Gathered {
  size = 0;
  private room: Buffer = Buffer.alloc(0);
  private readonly expected: number;

  /** `expected`: how many bytes there will be, or may be at most. */
  constructor(expected: number) {
    this.expected = expected;
  }

  add(bytes: Uint8Array): void {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = this.size + piece.length;
    // What comes whole, as most bodies do, is not copied.
    if (this.size === 0) this.room = piece;
    else {
      if (size > this.room.length) this.grow(size);
      piece.copy(this.room, this.size);
    }
    this.size = size;
  }

  /** All of them. */
  get bytes(): Buffer {
    return this.room.subarray(0, this.size);
  }

  private grow(size: number): void {
    const room = Buffer.allocUnsafeSlow(Math.max(size, Math.min(this.expected, Math.max(leastRoom, 2 * size))));
    this.room.copy(room, 0, 0, this.size);
    this.room = room;
  }
}
