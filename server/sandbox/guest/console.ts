/** Sends one line of the user's log out of the isolate. */
export type SendLog = (level: string, text: string) => void;

/**
 * Gives an isolate `console`. Lines are bounded in number and length here, so that a flood costs the guest and not the
 * child (26,000 lines of 10 kB a second were +500 MB in the host when they were not).
 * The text of this function runs inside the isolate: it may use nothing from outside itself.
 */
export function installConsole(send: SendLog): void {
  const { stringify } = JSON;
  let linesLeft = 1_000;
  let charactersLeft = 256_000;

  function words(value: unknown): string {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (typeof value !== 'object' || value === null) return String(value);
    try {
      return stringify(value) ?? String(value);
    } catch (error) {
      return `[cannot be shown: ${error instanceof Error ? error.message.split('\n', 1).join() : 'unknown'}]`;
    }
  }

  function write(level: string, args: unknown[]): void {
    if (linesLeft <= 0 || charactersLeft <= 0) return;
    const text = args.map(words).join(' ').slice(0, Math.min(10_000, charactersLeft));
    linesLeft -= 1;
    charactersLeft -= text.length;
    send(level, text);
    if (linesLeft <= 0 || charactersLeft <= 0) send('warn', 'Further lines are left out.');
  }

  const at =
    (level: string) =>
    (...args: unknown[]) =>
      write(level, args);
  Object.assign(globalThis, {
    console: { log: at('info'), info: at('info'), warn: at('warn'), error: at('error'), debug: at('debug') },
  });
}
