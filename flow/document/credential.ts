import * as z from 'zod';

/** One kind of credential: what a person reads of it, what it is for, and its fields. */
export interface CredentialType {
  readonly title: string;
  readonly says: string;
  /** Whether it goes with requests that nodes send. The others prove callers of webhooks only; every kind may do that. */
  readonly isSent: boolean;
  readonly fields: z.ZodObject;
}

/** What the form knows of a field, from its meta. */
export interface CredentialFieldLabel {
  readonly title: string;
  readonly placeholder?: string | undefined;
  /** Many lines: keys and sets of keys. */
  readonly isLong?: boolean | undefined;
  /** Harmless by itself, so it is typed in the clear; it is sealed all the same. */
  readonly isPlain?: boolean | undefined;
}

/** Shorter ones are not taken out of what comes back: they are not secrets worth the name, and would turn up in innocent text. */
export const shortestSecret = 8;

const most = 20_000;
/** Of what goes with requests: servers take no longer headers, and what looks for a secret in answers reads pieces that grow with it. */
export const longestSent = 8_192;
const field = <Schema extends z.ZodType>(schema: Schema, label: CredentialFieldLabel) => schema.meta({ ...label });
const plainText = z
  .string()
  .min(1, 'must not be empty')
  .max(longestSent)
  .refine((text) => !/\p{Cc}/u.test(text), 'must be one line without control characters');
const longText = z
  .string()
  .min(1, 'must not be empty')
  .max(most)
  .refine((text) => !text.includes('\0'), 'must be text');
/** What a header may hold: Latin-1 without controls, and no space at its ends (RFC 9110 5.5). */
const headerValue = plainText
  .refine((text) => /^[ -~\u0080-\u00ff]*$/.test(text), 'must be letters that a header can carry')
  .refine((text) => text === text.trim(), 'must not begin or end with a space');
const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/i, 'must be the name of a header')
  .refine(
    (name) =>
      !/^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-.*|proxy-.*)$/i.test(name),
    'must be a header that carries a key',
  );

/** Every kind of credential, by its name. */
export const credentialTypes = {
  header: {
    title: 'API key in a header',
    says: 'Sends a header of your choice, such as X-Api-Key.',
    isSent: true,
    fields: z.strictObject({
      name: field(headerName, { title: 'Header', placeholder: 'X-Api-Key', isPlain: true }),
      value: field(headerValue, { title: 'Value' }),
    }),
  },
  bearer: {
    title: 'Bearer token',
    says: 'Sends Authorization: Bearer and the token.',
    isSent: true,
    fields: z.strictObject({ token: field(headerValue, { title: 'Token' }) }),
  },
  basic: {
    title: 'Name and password',
    says: 'HTTP Basic, for requests and for webhooks.',
    isSent: true,
    fields: z.strictObject({
      username: field(
        plainText.refine((text) => !text.includes(':'), 'must not contain a colon'),
        { title: 'User name', isPlain: true },
      ),
      password: field(plainText, { title: 'Password' }),
    }),
  },
  query: {
    title: 'API key in the address',
    says: 'Adds a value to the query, for services that take no header.',
    isSent: true,
    fields: z.strictObject({
      name: field(plainText, { title: 'Name in the query', placeholder: 'api_key', isPlain: true }),
      value: field(plainText, { title: 'Value' }),
    }),
  },
  hmac: {
    title: 'Signing secret',
    says: 'Proves that a webhook’s caller knows the secret.',
    isSent: false,
    fields: z.strictObject({ secret: field(longText, { title: 'Secret' }) }),
  },
  jwt: {
    title: 'Key for tokens (JWT)',
    says: 'Proves the tokens that a webhook’s callers bring: give one of the three.',
    isSent: false,
    fields: z
      .strictObject({
        secret: field(longText.optional(), { title: 'Shared secret (HS256)' }),
        publicKey: field(longText.optional(), { title: 'Public key (PEM or JWK)', isLong: true, isPlain: true }),
        jwks: field(longText.optional(), { title: 'Set of keys (JWKS)', isLong: true, isPlain: true }),
      })
      .refine(
        (keys) => Object.values(keys).filter((key) => key !== undefined).length === 1,
        'must have one of secret, publicKey and jwks',
      ),
  },
} as const satisfies Readonly<Record<string, CredentialType>>;

export type CredentialTypeName = keyof typeof credentialTypes;
export const credentialTypeNames = ['header', 'bearer', 'basic', 'query', 'hmac', 'jwt'] as const satisfies [
  CredentialTypeName,
  ...CredentialTypeName[],
];

/** The kinds that go with requests. */
export const sentTypes = credentialTypeNames.filter((type) => credentialTypes[type].isSent);

/** The fields of a kind, in order, with what the form knows of each. */
export const credentialFields = (type: CredentialTypeName): { name: string; label: CredentialFieldLabel }[] =>
  Object.entries(credentialTypes[type].fields.shape).map(([name, schema]) => ({
    name,
    label: labelShape.parse(schema.meta()),
  }));

const labelShape: z.ZodType<CredentialFieldLabel> = z.object({
  title: z.string(),
  placeholder: z.string().optional(),
  isLong: z.boolean().optional(),
  isPlain: z.boolean().optional(),
});

/** What documents call a credential: one line that no expression can be taken for. */
export const credentialName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100)
  .refine((text) => !/\p{Cc}|\p{Cf}|\{\{/u.test(text), 'must be one line without braces');

/** Where a credential may be lent to: `api.example.com`, `*.example.com`, either with `:port`. Kept in lower case. */
export const credentialHost = z
  .string()
  .trim()
  .toLowerCase()
  .max(255)
  .regex(
    /^((\*\.)?([a-z0-9_-]+\.)*[a-z0-9_-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/,
    'must be a host such as api.example.com or *.example.com',
  );
