import { accountsProcedures } from './accounts/procedures.ts';
import type { Accounts } from './accounts/accounts.ts';
import { router } from './http/procedure.ts';

/** The rooms that the app talks to. */
export interface RouterRooms {
  readonly accounts: Accounts;
}

/** The app's router: the rooms' procedures under their names, merged by hand. */
export const openRouter = ({ accounts }: RouterRooms) => router({ accounts: accountsProcedures(accounts) });

/** What the app's client is typed by; the app imports this type and nothing else of the server. */
export type AppRouter = ReturnType<typeof openRouter>;
