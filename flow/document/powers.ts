import * as z from 'zod';

/** What holds of a power wherever it is used. A new power is a row here, its shape and its fake in `nodes/kit`, and how it is lent (CONTRIBUTING). */
interface PowerRow {
  /** True when it never leaves the process: a node that asks for nothing else may be pure and fused with its neighbours (E27). */
  readonly isAmbient: boolean;
  /** What a person is told on publishing that the power allows; null when its hosts, connections or workflows are named instead, or it reaches nothing. */
  readonly words: string | null;
  /** What the help of a node that asks for it says; null when that stays inside of a run and is not worth a sentence. */
  readonly help: string | null;
  /** True when its answers come from outside of the thread that asks: a stage that waits for one computes nothing meanwhile (E4). */
  readonly isAwaited: boolean;
  /**
   * Whose calls are journalled in a node that may be suspended: `engine` for what the engine itself does (it waits, asks, starts runs),
   * `answers` when each answer is kept so that nothing is sent twice, `none` for what is lent as it is.
   */
  readonly journal: 'engine' | 'answers' | 'none';
}

/** Every power that a node may ask for and policy may grant. */
export const powers = {
  http: { isAmbient: false, isAwaited: true, words: null, help: 'Calls other servers.', journal: 'answers' },
  sql: {
    isAmbient: false,
    isAwaited: true,
    words: 'Reads and writes databases.',
    help: 'Reads and writes databases.',
    journal: 'none',
  },
  ai: {
    isAmbient: false,
    isAwaited: true,
    words: 'Asks language models.',
    help: 'Asks language models.',
    journal: 'none',
  },
  channel: {
    isAmbient: false,
    isAwaited: true,
    words: 'Sends messages to people.',
    help: 'Sends messages.',
    journal: 'none',
  },
  entity: {
    isAmbient: false,
    isAwaited: true,
    words: 'Reads and writes entities.',
    help: 'Reads and writes entities.',
    journal: 'none',
  },
  event: { isAmbient: false, isAwaited: true, words: 'Appends events.', help: 'Appends events.', journal: 'none' },
  file: {
    isAmbient: false,
    isAwaited: true,
    words: 'Reads and stores files of runs, such as a response that is a picture. Never files of the server.',
    help: 'Reads and stores files of runs.',
    journal: 'none',
  },
  state: {
    isAmbient: false,
    isAwaited: true,
    words: 'Keeps data between runs.',
    help: 'Keeps data between runs.',
    journal: 'none',
  },
  workflow: { isAmbient: false, isAwaited: true, words: null, help: 'Runs other workflows.', journal: 'engine' },
  timer: { isAmbient: false, isAwaited: false, words: 'Waits.', help: 'Can wait.', journal: 'engine' },
  review: {
    isAmbient: false,
    isAwaited: false,
    words: 'Asks people to decide.',
    help: 'Asks people to decide.',
    journal: 'engine',
  },
  code: { isAmbient: true, isAwaited: true, words: null, help: 'Runs code in a sandbox.', journal: 'none' },
  log: { isAmbient: true, isAwaited: false, words: null, help: null, journal: 'none' },
  hash: { isAmbient: true, isAwaited: false, words: null, help: null, journal: 'none' },
  random: { isAmbient: true, isAwaited: false, words: null, help: null, journal: 'none' },
} as const satisfies Readonly<Record<string, PowerRow>>;

export type Power = keyof typeof powers;

/** A power by its name. */
export const power = z.enum(Object.keys(powers) as [Power, ...Power[]]);

/** The powers whose calls are journalled in that way. */
export type PowerWith<Journal extends PowerRow['journal']> = {
  [Name in Power]: (typeof powers)[Name]['journal'] extends Journal ? Name : never;
}[Power];

/** The powers that never leave the process, so that a pure node may have them. */
export type AmbientPower = { [Name in Power]: (typeof powers)[Name]['isAmbient'] extends true ? Name : never }[Power];

export const isAmbient = (name: Power): boolean => powers[name].isAmbient;

export const isAwaited = (name: Power): boolean => powers[name].isAwaited;

/** Whether a thread has it by itself, so that a pure node may have it in any process. */
export const isOfThread = (name: Power): boolean => isAmbient(name) && !isAwaited(name);
