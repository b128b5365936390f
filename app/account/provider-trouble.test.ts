import { expect, test } from 'vitest';
import { providerTrouble } from './provider-trouble.ts';

test.each([
  ['access_denied', 'The login was cancelled at the provider.'],
  ['other-domain', 'The provider is not for this e-mail address.'],
  ['email-unverified', 'The provider has not verified your e-mail address.'],
  ['state_mismatch', 'This login is over, or was begun in another browser.'],
  ['invalid_state', 'This login is over, or was begun in another browser.'],
  ['invalid_provider', 'The provider did not let you in.'],
  ['toString', 'The provider did not let you in.'],
])('who comes back from a provider with %s reads why', (code, words) => {
  expect(providerTrouble(code)?.message).toBe(words);
});

test('who comes for the first time reads nothing', () => {
  expect(providerTrouble(null)).toBeNull();
});
