import { ApiError } from '../api/api-error.ts';

type Words = readonly [message: string, mend: string];

const over: Words = ['This login is over, or was begun in another browser.', 'Begin it again here.'];
const known: ReadonlyMap<string, Words> = new Map([
  ['access_denied', ['The login was cancelled at the provider.', 'Try again, or log in with your password.']],
  [
    'other-domain',
    ['The provider is not for this e-mail address.', 'Use an account of your organisation, or ask for an invitation.'],
  ],
  ['email-unverified', ['The provider has not verified your e-mail address.', 'Verify it there, then try again.']],
  ['state_mismatch', over],
  ['state_not_found', over],
  ['invalid_state', over],
]);
const others: Words = [
  'The provider did not let you in.',
  'Try again. If it stays so, ask whoever runs this server: the reason is in its log.',
];

/** Why somebody came back from a provider and is not in: what the address says of it, in words; nothing without a reason. */
export function providerTrouble(code: string | null): ApiError | null {
  if (code === null) return null;
  const [message, mend] = known.get(code) ?? others;
  return new ApiError(403, { code, message, mend });
}
