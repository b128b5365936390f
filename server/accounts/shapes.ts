import * as z from 'zod';
import { role } from '../../flow/contract/account.ts';

/** What a key is made of. */
export const KeyWanted = z.strictObject({ name: z.string().trim().min(1).max(100), role: role.default('editor') });
