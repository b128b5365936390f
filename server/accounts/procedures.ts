import * as z from 'zod';
import { procedure, router } from '../http/procedure.ts';
import type { Accounts } from './accounts.ts';
import { createInvite, listInvites, revokeInvite } from './invites.ts';
import { createKey, listKeys, revokeKey } from './keys.ts';
import { describeCaller, idOf, personOf } from './me.ts';
import { changeRole, listMembers, removeMember } from './members.ts';
import { listSettings } from './oidc.ts';
import { Email } from './people.ts';
import * as shapes from '../../flow/contract/account.ts';
import { KeyWanted } from './shapes.ts';
import { createWorkspace, Slug } from './workspaces.ts';

const byId = z.strictObject({ id: z.string() });

/** The room for the app. What sets cookies or changes passwords is REST only. */
export const accountsProcedures = ({ orm, url, forget, workspacesMost }: Accounts) => {
  /** Rights changed: what is remembered of callers no longer holds. */
  const changing = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    forget();
    return done;
  };
  return router({
    me: procedure('viewer')
      .output(shapes.me)
      .query(({ ctx }) => describeCaller(orm, ctx.caller)),
    createWorkspace: procedure('owner')
      .input(z.strictObject({ name: z.string().trim().min(1).max(100), slug: Slug }))
      .output(shapes.workspace)
      .mutation(({ ctx, input }) => changing(createWorkspace(orm, personOf(ctx.caller), input, workspacesMost))),
    members: procedure('viewer')
      .output(z.array(shapes.member))
      .query(({ ctx }) => listMembers(orm, ctx.workspace)),
    changeRole: procedure('owner')
      .input(byId.extend({ role: shapes.role }))
      .mutation(({ ctx, input }) => changing(changeRole(orm, ctx.workspace, input.id, input.role))),
    removeMember: procedure('owner')
      .input(byId)
      .mutation(({ ctx, input }) => changing(removeMember(orm, ctx.workspace, input.id))),
    invites: procedure('owner')
      .output(z.array(shapes.openInvite))
      .query(({ ctx }) => listInvites(orm, ctx.workspace)),
    invite: procedure('owner')
      .input(z.strictObject({ email: Email, role: shapes.role }))
      .output(shapes.madeInvite)
      .mutation(async ({ ctx, input }) => {
        const made = await createInvite(orm, ctx.workspace, input, idOf(ctx.caller));
        return { ...made, url: `${url}/invite#${made.token}` };
      }),
    revokeInvite: procedure('owner')
      .input(byId)
      .mutation(({ ctx, input }) => revokeInvite(orm, ctx.workspace, input.id)),
    keys: procedure('owner')
      .output(z.array(shapes.apiKey))
      .query(({ ctx }) => listKeys(orm, ctx.workspace)),
    createKey: procedure('owner')
      .input(KeyWanted)
      .output(shapes.madeKey)
      .mutation(({ ctx, input }) =>
        createKey(orm, ctx.workspace, input, { id: idOf(ctx.caller), role: ctx.caller.role }),
      ),
    revokeKey: procedure('owner')
      .input(byId)
      .mutation(({ ctx, input }) => changing(revokeKey(orm, ctx.workspace, input.id))),
    providers: procedure('owner')
      .output(z.array(shapes.provider))
      .query(({ ctx }) => listSettings(orm, ctx.workspace)),
  });
};
