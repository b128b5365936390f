import type { FaultRecord } from './fact.ts';

/** Who can fix a fault. */
type Mender = 'author' | 'operator' | 'far-side' | 'us';
/** Whether trying again helps: at once or soon, only after something changed, or never. */
type Again = 'now' | 'later' | 'never';

const entry = (sentence: string, who: Mender, again: Again) => ({ sentence, who, again });

/** Every fault code: what it means in one sentence, who can fix it, whether to try again. `npx heddle faults` prints it. */
export const faults = {
  'expression.failed': entry('An expression failed for this item.', 'author', 'never'),
  'params.invalid': entry(
    'A field has a value that does not fit once its expressions are resolved.',
    'author',
    'never',
  ),
  'items.no-ancestor': entry('This item does not come from one single item of that node.', 'author', 'never'),
  'items.limit': entry('A node or run made more items than the limit allows.', 'author', 'never'),
  'node.failed': entry('Something went wrong in the node.', 'us', 'never'),
  'stage.limit': entry(
    'A node, with those that run together with it, took more time or made more data than the limit.',
    'author',
    'never',
  ),
  'node.timeout': entry('The node did not finish within its timeout.', 'author', 'now'),
  'node.missing': entry(
    'This installation lacks the type or version of a node; the run waits for one that has it.',
    'operator',
    'later',
  ),
  'loop.limit': entry('A loop reached its maximum number of iterations.', 'author', 'never'),
  'stop.author': entry('A stop node ended the run with an error.', 'author', 'never'),
  'data.invalid': entry('The data is not what the node needs.', 'author', 'never'),
  'file.parse': entry('The file could not be read in the chosen format.', 'author', 'never'),
  'code.threw': entry('The code threw an error.', 'author', 'never'),
  'code.syntax': entry('The code has a syntax error.', 'author', 'never'),
  'code.timeout': entry('The code did not finish in time.', 'author', 'never'),
  'code.memory': entry('The code used more memory than its limit.', 'author', 'never'),
  'code.crashed': entry('The sandbox stopped while the code ran.', 'author', 'now'),
  'code.output-too-large': entry('The code returned more than a node may pass on.', 'author', 'never'),
  'code.bad-output': entry('The code returned something that is not JSON.', 'author', 'never'),
  'http.status': entry('The service answered with an error status.', 'far-side', 'now'),
  'egress-denied': entry('Calls to this address are not allowed.', 'operator', 'never'),
  'http.bad-url': entry('The address is not a full URL.', 'author', 'never'),
  'http.bad-request': entry('The method, headers or body cannot be sent.', 'author', 'never'),
  'http.dns': entry('The host name was not found.', 'author', 'later'),
  'http.refused': entry('The host could not be reached.', 'far-side', 'later'),
  'http.tls': entry('The host’s TLS certificate could not be trusted.', 'far-side', 'later'),
  'http.timeout': entry('The response did not arrive in time.', 'far-side', 'later'),
  'http.reset': entry('The connection closed before a response arrived.', 'far-side', 'now'),
  'http.truncated': entry('The response was cut off.', 'far-side', 'now'),
  'http.too-large': entry('The response is larger than the limit.', 'author', 'never'),
  'http.undecodable': entry('The response body could not be decoded.', 'far-side', 'never'),
  'http.protocol': entry('The service did not answer in HTTP/1.1.', 'author', 'never'),
  'http.redirects': entry('There were more redirects than allowed.', 'author', 'never'),
  'http.cancelled': entry('The request was stopped.', 'operator', 'never'),
  'http.closed': entry('This process was shutting down.', 'us', 'now'),
  'http.unexpected': entry('The request failed because something went wrong in Heddle.', 'us', 'later'),
  'http.bad-json': entry('The response is not JSON.', 'far-side', 'never'),
  'credential.missing': entry('The connection does not exist in this workspace.', 'author', 'never'),
  'credential.locked': entry(
    'The connection was encrypted with a master key that this server does not have.',
    'operator',
    'never',
  ),
  'credential.denied': entry('The connection may not be used for this host.', 'author', 'never'),
  'credential.unfit': entry('A connection of this kind cannot be sent with a request.', 'author', 'never'),
  'value.missing': entry('A large value of the run is no longer stored.', 'operator', 'never'),
  'value.damaged': entry('A stored large value is damaged.', 'operator', 'never'),
  'store.away': entry('The storage for large values cannot be reached.', 'operator', 'later'),
  'power.denied': entry('The published version does not allow this for the node.', 'author', 'never'),
  'workflow.unknown': entry('The workflow to call does not exist or is not published.', 'author', 'never'),
  'workflow.failed': entry('A called workflow failed.', 'author', 'never'),
  'workflow.depth': entry('Workflows call each other deeper than they may.', 'author', 'never'),
  'workflow.too-many': entry('A run has started too many runs, directly or not.', 'author', 'never'),
  'workflow.items': entry('Runs that a run started, directly or not, were given too many items.', 'author', 'never'),
  'compute.limit': entry(
    'A node needed more time, memory or room for what it made than a process of its own may have.',
    'author',
    'never',
  ),
  'compute.killed': entry('The process that computed for a node was ended, twice.', 'operator', 'now'),
  'doubt.failed': entry('Somebody decided that an unknown result counts as failed.', 'operator', 'never'),
  'doubt.not-done': entry('The service says that a request without an answer was not done.', 'far-side', 'later'),
  'key.failed': entry(
    'A key of the workflow’s settings could not be worked out of what would have started the run.',
    'author',
    'never',
  ),
  'run.timeout': entry('The run did not finish within the workflow’s timeout.', 'author', 'never'),
  'run.limit': entry('The run used more steps, data or code time than the limit.', 'author', 'never'),
  quarantined: entry('The step crashed its worker three times and was stopped.', 'author', 'never'),
  cancelled: entry('The run was cancelled.', 'operator', 'never'),
} as const;

/** An error with a code of the catalogue: what a node, a power or the engine throws when outsiders may know why. */
export class Fault extends Error {
  readonly code: string;
  readonly mend: string | undefined;
  readonly done: FaultRecord['done'];
  readonly details: unknown;
  /** How long the service asked to wait before another try, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: string,
    message: string,
    more: { mend?: string; done?: FaultRecord['done']; details?: unknown; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Fault';
    this.code = code;
    this.mend = more.mend;
    this.done = more.done;
    this.details = more.details;
    this.retryAfterMs = more.retryAfterMs;
  }
}
