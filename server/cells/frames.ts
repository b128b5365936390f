/** The bytes of one frame: two lengths (32 bits, little end first), the head as JSON, the body as it is. */
export const frame = (head: object, body = ''): Buffer => Buffer.concat(frameInParts(head, [body]));

/** The same, piece by piece, of a body that is there in parts: one of many megabytes is never put together. */
export function frameInParts(head: object, parts: readonly string[]): Buffer[] {
  const first = Buffer.from(JSON.stringify(head));
  const body = parts.map((part) => Buffer.from(part));
  const lengths = Buffer.allocUnsafe(8);
  lengths.writeUInt32LE(first.length, 0);
  lengths.writeUInt32LE(
    body.reduce((sum, { length }) => sum + length, 0),
    4,
  );
  return [lengths, first, ...body];
}

/**
 * Puts frames together again from chunks. Calls `onFrame` with the head's text and the body, `onTooLarge` once for a frame
 * that announces more than `limit` bytes; what follows that is dropped.
 */
export function frameReader(limit: number, onFrame: (head: string, body: string) => void, onTooLarge: () => void) {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = 8;
  let isBroken = false;

  function take(): void {
    const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    let at = 0;
    while (bytes.length - at >= 8) {
      const headEnd = at + 8 + bytes.readUInt32LE(at);
      const end = headEnd + bytes.readUInt32LE(at + 4);
      wanted = end - at;
      if (wanted > limit) {
        isBroken = true;
        return onTooLarge();
      }
      if (bytes.length < end) break;
      onFrame(bytes.toString('utf8', at + 8, headEnd), bytes.toString('utf8', headEnd, end));
      at = end;
      wanted = 8;
    }
    chunks = [bytes.subarray(at)];
    held = bytes.length - at;
  }

  return (chunk: Buffer): void => {
    if (isBroken) return;
    chunks.push(chunk);
    held += chunk.length;
    if (held >= wanted) take();
  };
}
