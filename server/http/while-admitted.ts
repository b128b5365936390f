/** How often an open stream asks whether its caller may still read it; what was revoked acts within 5 s (SAFETY T9). */
const everyMs = 4_000;

/**
 * Passes a stream on for as long as `check` does not throw, asked every 4 s. It then ends without a word: the reader comes back and is
 * told by status. A reader that leaves ends the source.
 */
export async function* whileAdmitted<T>(
  source: AsyncIterable<T>,
  check: () => Promise<unknown>,
  checkEveryMs = everyMs,
): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]();
  const ended = Promise.withResolvers<{ done: true; value: undefined }>();
  const timer = setInterval(
    () => void check().catch(() => ended.resolve({ done: true, value: undefined })),
    checkEveryMs,
  );
  timer.unref();
  try {
    for (;;) {
      const item = await Promise.race([items.next(), ended.promise]);
      if (item.done) return;
      yield item.value;
    }
  } finally {
    clearInterval(timer);
    // Not awaited: a source that waits for something to happen only ends with its signal.
    void items.return?.();
  }
}
