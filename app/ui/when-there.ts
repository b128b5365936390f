import { send } from '../host/send.ts';
import { toast } from './toast.ts';

/** What is asked and told while a part of the page does not load; others in tests. */
interface World {
  /** Whether the server answers at all. */
  readonly isThere: () => Promise<boolean>;
  /** Resolves when it is worth trying again. */
  readonly soon: () => Promise<void>;
  readonly say: typeof toast;
  /** Asks again for the sheets that did not come. */
  readonly sheets: () => Promise<void>;
}

/**
 * Loads a part of the page that is not here yet. While the server is away it is waited for: what is open stays open, and the part comes as
 * soon as it can. Only a server that is there and does not give it (it was updated) is an error.
 */
export function whenThere<Part>(
  load: () => Promise<Part>,
  { isThere, soon, say, sheets }: World = { isThere: answers, soon: later, say: toast, sheets: sheetsAgain },
): () => Promise<Part> {
  return async () => {
    let isTold = false;
    for (let refused = 0, tries = 0; ; tries++) {
      try {
        if (tries > 0) await sheets();
        return await load();
      } catch (error) {
        // Once more when it is there: it may have come back between the two questions.
        if (await isThere()) refused++;
        if (refused > 1) throw error;
        if (refused > 0) continue;
        if (!isTold)
          say({
            title: 'The server does not answer',
            text: 'What you opened is shown as soon as it does.',
            state: 'failed',
          });
        isTold = true;
        await soon();
      }
    }
  };
}

/** What Vite asks for once: a sheet that did not come stays a dead link, and the part that wears it would come without its look. */
const dead = new Set<HTMLLinkElement>();
if (typeof document !== 'undefined')
  addEventListener(
    'error',
    ({ target }) => target instanceof HTMLLinkElement && target.rel === 'stylesheet' && dead.add(target),
    true,
  );

async function sheetsAgain(): Promise<void> {
  const again = [...dead].map(
    (link) =>
      new Promise<void>((resolve, reject) => {
        const fresh = document.createElement('link');
        fresh.rel = 'stylesheet';
        fresh.href = link.href;
        fresh.addEventListener('load', () => resolve());
        fresh.addEventListener('error', () => reject(new Error(`Failed to fetch ${link.href}`)));
        link.replaceWith(fresh);
      }),
  );
  dead.clear();
  await Promise.all(again);
}

const answers = () =>
  send('/readyz', { cache: 'no-store' }).then(
    () => true,
    () => false,
  );

const everyMs = 3_000;

const later = () =>
  new Promise<void>((resolve) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener('online', go);
      resolve();
    };
    const timer = setTimeout(go, everyMs);
    addEventListener('online', go);
  });
