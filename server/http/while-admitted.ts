/** How often an open stream asks whether its caller may still read it. What is known of a caller is up to 2 s old: 4.5 s in all (SAFETY T9: 5 s). */
const everyMs = 2_500;

/**
 * Passes a stream on for as long as `check` does not throw, asked every 2.5 s. It then ends without a word: the reader comes back and is
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
