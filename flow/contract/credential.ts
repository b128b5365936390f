import * as z from 'zod';
import { credentialTypeNames } from '../document/credential.ts';
import { time } from './time.ts';

/** A credential as people see it: the names of its fields, never what they hold. */
export const credential = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(credentialTypeNames),
  hosts: z.array(z.string()),
  fields: z.array(z.string()),
  locked: z.boolean().describe('Sealed with a master key that the server does not have'),
  createdAt: time,
  updatedAt: time,
});
export type Credential = z.infer<typeof credential>;

/** A workflow that names a credential, in its draft or in the version that is live. */
export const credentialUse = z.object({
  id: z.string(),
  name: z.string(),
  draft: z.boolean(),
  published: z.boolean(),
});
export type CredentialUse = z.infer<typeof credentialUse>;
