import type { FastifyRequest } from 'fastify';

/** What somebody whom nobody knows may send to our own routes: logins, setups, invitations. */
const unknownMost = 16 * 1024;

/** The most that a request's body may have, in bytes: as its route says, and little of who is not known. */
export const bodyMost = ({ routeOptions, caller }: FastifyRequest): number =>
  caller.kind === 'anonymous' ? Math.min(unknownMost, routeOptions.bodyLimit) : routeOptions.bodyLimit;
