import { errorCode } from '../error-code.ts';

/**
 * Whether the far side did what was asked. `no`: it is known that it did not, so sending again is safe. `yes`: it answered that it did,
 * but the answer cannot be used. `unknown`: bytes left and no whole answer came back, so only a person or the far side can tell.
 */
export type Done = 'no' | 'unknown' | 'yes';

/** What would mend each fault of an outgoing request, in a sentence; its keys are all the codes there are. */
const mends = {
  'egress-denied': 'Call a public http or https address, or have an owner add its host:port under Settings, Workspace.',
  'power.denied': 'Publish the workflow again with that host written out in the address of the node.',
  'http.bad-url': 'Give a whole URL, such as https://example.com/path.',
  'http.bad-request': 'Correct the method, the headers or the body of the request.',
  'http.dns': 'Check how the host name is spelled, and that this machine can resolve names.',
  'http.refused': 'Check that the service is running and that its port is right.',
  'http.tls': 'The service needs a valid certificate for this host name.',
  'http.timeout': 'Try again later, or give the request more time.',
  'http.reset': 'Try again later; the service closed the connection before it answered.',
  'http.truncated': 'Try again later; the service stopped in the middle of its response.',
  'http.too-large': 'Ask for less at a time: by pages, by date, or by fewer fields.',
  'http.undecodable': 'Ask for another encoding with the header Accept-Encoding: identity.',
  'http.protocol': 'Check that the port speaks HTTP/1.1.',
  'http.redirects': 'Call the final address, or allow more redirects.',
  'http.unexpected': 'Report it with the log line of this moment: this is a fault of Heddle.',
  'http.cancelled': 'Nothing to fix: the run was stopped.',
  'http.closed': 'Nothing to fix: this process is shutting down and another one will take over.',
} as const;

/** The closed list of what can go wrong with an outgoing request; a complete answer of any status is not among it. */
export type HttpFaultCode = keyof typeof mends;

/** Why an outgoing request gave no usable answer, and whether it was carried out nevertheless. Safe to show to the author. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';
  readonly code: HttpFaultCode;
  readonly mend: string;
  readonly done: Done;
  /** How long the far side asked us to wait, in milliseconds; set by those who make a fault of a 429 or 503 reply. */
  readonly retryAfterMs?: number;

  constructor(
    code: HttpFaultCode,
    message: string,
    done: Done = 'no',
    options: { cause?: unknown; retryAfterMs?: number; mend?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.mend = options.mend ?? mends[code];
    this.done = done;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** The same fault, when an earlier hop of the same request is known to have been carried out. */
export function raised(fault: HttpFault, done: Done): HttpFault {
  const order: readonly Done[] = ['no', 'unknown', 'yes'];
  if (order.indexOf(done) <= order.indexOf(fault.done)) return fault;
  return new HttpFault(fault.code, fault.message, done, { cause: fault.cause, mend: fault.mend });
}

/**
 * What the status line alone tells of the deed, for an answer whose rest cannot be used. Source: RFC 9110 15; 408, 409, 425 and 429 are
 * left open because servers send them for requests that they went on to carry out.
 */
export function doneByStatus(status: number): Done {
  if (status < 400) return 'yes';
  return status < 500 && ![408, 409, 425, 429].includes(status) ? 'no' : 'unknown';
}

/** An answer with more than it may have: of whoever asked, what is known of the deed, and what helps. */
export function tooLarge(
  host: string,
  { bytes, mend }: { readonly bytes: number; readonly mend?: string },
  status: number,
  cause?: unknown,
): HttpFault {
  const message = `${host} answers with more than the ${bytes} bytes that are accepted.`;
  return new HttpFault('http.too-large', message, doneByStatus(status), { cause, ...(mend ? { mend } : {}) });
}

/** The fault that an error of DNS, the socket, TLS or undici stands for. `done` is what is known at that moment. */
export function faultOf(error: unknown, host: string, done: Done): HttpFault {
  if (error instanceof HttpFault) return error.done === 'no' ? raised(error, done) : error;
  const code = codeOf(error);
  const named = byCode.find(([pattern]) => pattern.test(code));
  const [fault, sentence] = named ? [named[1], named[2]] : (['http.unexpected', 'could not be called'] as const);
  return new HttpFault(fault, `${host} ${sentence}${code === '' ? '' : ` (${code})`}.`, done, { cause: error });
}

// Order matters: the first pattern that fits. Codes: Node's docs/api/errors.md, undici's lib/core/errors.js, llhttp's constants.
const byCode: readonly (readonly [RegExp, HttpFaultCode, string])[] = [
  [/^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL|EBADNAME)/, 'http.dns', 'could not be resolved to an address'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL|EINVAL)/, 'http.refused', 'could not be reached'],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)/, 'http.timeout', 'did not accept the connection in time'],
  [
    /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/,
    'http.tls',
    'offered no trustworthy TLS',
  ],
  [
    /^(UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_INVALID_EOF_STATE)/,
    'http.truncated',
    'broke off in the middle of its answer',
  ],
  [/^UND_ERR_HEADERS_OVERFLOW/, 'http.too-large', 'sent more headers than are accepted'],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET)/, 'http.reset', 'closed the connection before it had answered'],
  [/^HPE/, 'http.protocol', 'did not answer in HTTP/1.1'],
  [
    /^(UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|UND_ERR_REQ_CONTENT_LENGTH_MISMATCH)/,
    'http.bad-request',
    'cannot be sent such a request',
  ],
  [
    /^(UND_ERR_DESTROYED|UND_ERR_CLOSED)/,
    'http.closed',
    'was not called to the end, because this process is shutting down',
  ],
];

/** The system's code of an error; of several addresses that all failed, the first one's. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (error instanceof Error && error.name === 'HTTPParserError') return 'HPE'; // its code is often left out
  return errorCode(error);
}
