import path from 'node:path';
import { bringDown, bringUp } from './cluster.ts';
import { findPlace, type ClusterPlace } from './embedded-place.ts';
import { addUser, countUsers } from './postgres-users.ts';
import { inTurn } from './turn.ts';

/** A private Postgres that this process uses together with any others of the same home. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** For the database `heddle`, as its owner; holds the password. */
  url: string;
  /** `made` a new cluster, `started` an existing one, `joined` one that ran. */
  how: 'made' | 'started' | 'joined';
  /** One sentence for the person, when something lies elsewhere than expected. */
  note?: string;
  /** Starts it again if it died underneath us; false when it had to move: whoever knows the old address must begin anew. */
  revive(): Promise<boolean>;
  /** Gives it up; the last user stops it. Once is enough, more do no harm. */
  leave(): Promise<void>;
}

/**
 * Uses the Postgres under `home`: makes, starts or joins it. It is a process of its own that outlives a killed user, there are no exit
 * hooks (the app closes its pools first, then leaves), and processes that start or stop at the same moment take turns.
 * `durable: false` gives up the disk for speed, in tests.
 */
export async function joinEmbeddedPostgres(options: { home: string; durable?: boolean }): Promise<EmbeddedPostgres> {
  const place = await findPlace(path.resolve(options.home));
  const up = () => bringUp(place, options.durable ?? true);
  const { found, forget } = await inTurn(turnsOf(place), async () => ({
    found: await up(),
    forget: addUser(usersOf(place)),
  }));
  const leave = leaving(place, forget);
  return {
    ...found,
    ...(place.note && { note: place.note }),
    revive: async () => (await inTurn(turnsOf(place), up)).url === found.url,
    leave,
    [Symbol.asyncDispose]: leave,
  };
}

/**
 * Keeps the Postgres under `home`, once someone has started it, running until `leave`, without starting it: for test runs, whose
 * files come and go.
 */
export async function holdEmbeddedPostgres(home: string): Promise<{ leave(): Promise<void> }> {
  const place = await findPlace(path.resolve(home));
  const forget = await inTurn(turnsOf(place), async () => addUser(usersOf(place)));
  return { leave: leaving(place, forget) };
}

const turnsOf = (place: ClusterPlace) => path.join(place.control, 'turns');
const usersOf = (place: ClusterPlace) => path.join(place.control, 'users');

function leaving(place: ClusterPlace, forget: () => void): () => Promise<void> {
  let left: Promise<void> | undefined;
  const leave = async () => {
    forget();
    if (countUsers(usersOf(place)) === 0) await bringDown(place);
  };
  return () => (left ??= inTurn(turnsOf(place), leave));
}
