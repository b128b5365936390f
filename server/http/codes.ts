/**
 * Every code that a refusal may have, with its status: what other programs rely on, and what the OpenAPI document lists. A test compares it
 * with what the server throws; a code that is there is never given another meaning.
 */
export const codes = {
  'already-set-up': 409,
  'answer-unknown': 400,
  answered: 409,
  backlog: 429,
  'bad-url': 400,
  'body-broken': 400,
  'body-encoding': 400,
  'body-missing': 400,
  'body-slow': 408,
  'connections-full': 422,
  'content-length': 400,
  'content-type': 415,
  busy: 503,
  'cursor-invalid': 400,
  'database-away': 503,
  'document-invalid': 400,
  doubts: 409,
  'draft-only': 400,
  'file-handle': 400,
  forbidden: 403,
  'foreign-origin': 403,
  'form-invalid': 400,
  'header-twice': 400,
  invalid: 400,
  'invite-gone': 404,
  'issuer-unusable': 422,
  issues: 422,
  'json-inexact': 400,
  'json-invalid': 400,
  'json-too-much': 400,
  'key-failed': 422,
  'key-missing': 503,
  'last-owner': 409,
  'link-over': 410,
  'login-failed': 401,
  'login-first': 401,
  loop: 508,
  method: 405,
  'name-taken': 409,
  'no-workspace': 403,
  'node-unknown': 400,
  'not-found': 404,
  'not-published': 409,
  'other-person': 409,
  'our-fault': 500,
  'password-wrong': 403,
  'path-taken': 409,
  'person-needed': 403,
  'plan-differs': 409,
  'query-twice': 400,
  'retried-already': 409,
  refused: 400,
  'reuse-unclear': 400,
  'run.failed': 500,
  'run-moved-on': 409,
  'run-over': 409,
  'run-running': 409,
  'secret-needed': 422,
  'slug-taken': 409,
  stale: 409,
  'start-missing': 400,
  'start-unknown': 400,
  'storage-full': 507,
  'too-large': 413,
  'too-many': 429,
  unauthenticated: 401,
  'value-gone': 410,
  'values-away': 503,
  'version-unknown': 400,
  'workspaces-full': 409,
} as const;

export type Code = keyof typeof codes;

/** Of any request: what the door, the database and we ourselves may say. */
const always = [
  'bad-url',
  'too-many',
  'our-fault',
  'database-away',
  'storage-full',
  'values-away',
  'value-gone',
] as const;

/** Codes that follow from what a route takes and whom it lets in, beside those that it declares. */
export function codesOf(route: {
  readonly role: string;
  readonly path: string;
  readonly method: string;
  readonly hasBody: boolean;
  readonly hasQuery: boolean;
  readonly refuses: readonly Code[];
}): Code[] {
  const { role, path, method, hasBody, hasQuery, refuses } = route;
  const isOpen = role === 'public';
  const named = path.includes(':');
  const found: Code[] = [...always, ...refuses];
  if (!isOpen) found.push('unauthenticated', 'forbidden', 'no-workspace');
  if (method !== 'GET') found.push('foreign-origin', 'content-type');
  if (named) found.push('not-found');
  if (named || hasQuery || hasBody) found.push('invalid');
  if (hasQuery || !isOpen) found.push('query-twice');
  if (hasBody) {
    found.push('body-missing', 'body-broken', 'body-slow', 'json-invalid', 'json-too-much');
    found.push('content-length', 'too-large');
  }
  return [...new Set(found)].toSorted();
}
