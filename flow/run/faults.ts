import type { FaultRecord } from './events.ts';

/** Who can mend a fault. */
type Mender = 'author' | 'operator' | 'far-side' | 'us';
/** Whether trying again helps: at once or soon, only after something changed, or never. */
type Again = 'now' | 'later' | 'never';

const entry = (sentence: string, who: Mender, again: Again) => ({ sentence, who, again });

/** Every fault code: what it means in one sentence, who can mend it, whether to try again. `npx heddle faults` prints it. */
export const faults = {
  'expression.failed': entry('An expression could not be worked out for this item.', 'author', 'never'),
  'params.invalid': entry('A param does not fit once its expressions are resolved.', 'author', 'never'),
  'items.no-ancestor': entry('This item comes from no single item of that node.', 'author', 'never'),
  'items.limit': entry('A node or run made more items than the limit allows.', 'author', 'never'),
  'node.failed': entry('The node failed in a way it does not name.', 'us', 'never'),
  'node.timeout': entry('The node did not end within its timeout.', 'author', 'now'),
  'node.missing': entry(
    'This build lacks the type or version of a node; the stage waits for one that has it.',
    'operator',
    'later',
  ),
  'loop.limit': entry('A loop reached its maximum number of turns.', 'author', 'never'),
  'stop.author': entry('A stop node ended the run with an error.', 'author', 'never'),
  'data.invalid': entry('The data does not have the form that the node needs.', 'author', 'never'),
  'file.parse': entry('The file could not be read in the format that was chosen.', 'author', 'never'),
  'code.threw': entry('The code threw an error.', 'author', 'never'),
  'code.syntax': entry('The code does not parse.', 'author', 'never'),
  'code.timeout': entry('The code did not end in time.', 'author', 'never'),
  'code.memory': entry('The code used more memory than it may.', 'author', 'never'),
  'code.crashed': entry('The sandbox stopped while the code ran.', 'author', 'now'),
  'code.output-too-large': entry('The code returned more than a node may pass on.', 'author', 'never'),
  'code.bad-output': entry('The code returned something that is not JSON.', 'author', 'never'),
  'http.status': entry('The far side answered with an error status.', 'far-side', 'now'),
  'egress-denied': entry('This address may not be called from here.', 'operator', 'never'),
  'http.bad-url': entry('The address is not a whole URL.', 'author', 'never'),
  'http.bad-request': entry('The method, headers or body cannot be sent.', 'author', 'never'),
  'http.dns': entry('The host could not be resolved.', 'author', 'later'),
  'http.refused': entry('The host could not be reached.', 'far-side', 'later'),
  'http.tls': entry('The host offered no trustworthy TLS.', 'far-side', 'later'),
  'http.timeout': entry('No whole answer came in time.', 'far-side', 'later'),
  'http.reset': entry('The connection closed before an answer came.', 'far-side', 'now'),
  'http.truncated': entry('The answer broke off.', 'far-side', 'now'),
  'http.too-large': entry('The answer is larger than is accepted.', 'author', 'never'),
  'http.undecodable': entry('The body does not fit its encoding.', 'far-side', 'never'),
  'http.protocol': entry('The far side did not answer in HTTP/1.1.', 'author', 'never'),
  'http.redirects': entry('There were more redirects than are followed.', 'author', 'never'),
  'http.cancelled': entry('The request was stopped.', 'operator', 'never'),
  'http.closed': entry('This process was shutting down.', 'us', 'now'),
  'http.unexpected': entry('The request failed in a way that is our fault.', 'us', 'later'),
  'http.bad-json': entry(
    'The far side answered with something that is not the JSON that was wanted.',
    'far-side',
    'never',
  ),
  'credential.missing': entry('The credential is not in the wallet of the workspace.', 'author', 'never'),
  'credential.locked': entry(
    'The credential was sealed with a master key that this server does not have.',
    'operator',
    'never',
  ),
  'credential.denied': entry('The credential may not be lent to this host.', 'author', 'never'),
  'credential.unfit': entry('A credential of this kind cannot go with a request.', 'author', 'never'),
  'value.missing': entry('A large value of the run is not in the store any more.', 'operator', 'never'),
  'value.damaged': entry('What is kept as a large value is not what was written.', 'operator', 'never'),
  'store.away': entry('The store of large values cannot be reached or used now.', 'operator', 'later'),
  'power.denied': entry('Publishing did not grant this to the node.', 'author', 'never'),
  'workflow.unknown': entry('The workflow to call does not exist or is not published.', 'author', 'never'),
  'workflow.failed': entry('A called workflow failed.', 'author', 'never'),
  'workflow.depth': entry('Workflows call each other deeper than 16 levels.', 'author', 'never'),
  'doubt.failed': entry('Somebody answered that an uncertain effect counts as failed.', 'operator', 'never'),
  'run.timeout': entry('The run did not end within the time that its workflow allows.', 'author', 'never'),
  'run.limit': entry('The run used more steps, data or time of code than a run may.', 'author', 'never'),
  quarantined: entry('The stage crashed its worker three times and is kept from running.', 'author', 'never'),
  cancelled: entry('The run was cancelled.', 'operator', 'never'),
} as const;

/** An error with a code of the catalogue: what a node, a power or the engine throws when outsiders may know why. */
export class Fault extends Error {
  readonly code: string;
  readonly mend: string | undefined;
  readonly done: FaultRecord['done'];
  readonly details: unknown;
  /** How long the far side asked to wait before another try, in milliseconds. */
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
