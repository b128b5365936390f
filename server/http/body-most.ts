import type { FastifyRequest } from 'fastify';
import type { Sender } from './body/body-room.ts';
import { countedAs } from './caller.ts';

/** What somebody whom nobody knows may send to our own routes: logins, setups, invitations. */
const unknownMost = 16 * 1024;

/** The most that a request's body may have, in bytes: as its route says, and little of who is not known. */
export const bodyMost = ({ routeOptions, caller }: FastifyRequest): number =>
  caller.kind === 'anonymous' ? Math.min(unknownMost, routeOptions.bodyLimit) : routeOptions.bodyLimit;

/** Whose part of the room a request's body takes. */
export const senderOf = ({ caller, ip }: FastifyRequest): Sender => ({
  workspace: caller.workspace ?? '',
  door: countedAs(caller, ip),
  address: ip,
});
