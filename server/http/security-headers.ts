import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * The headers of every answer (SAFETY 4.3): scripts only from ourselves, no frames around us, nothing guessed, no address told to others.
 * Styles may be inline, because the canvas and the code editor place things by style attributes. A route that shows what users wrote sets
 * a stricter policy of its own.
 */
export const headers = (url: string): FastifyHelmetOptions => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      workerSrc: ["'self'", 'blob:'],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  crossOriginEmbedderPolicy: false,
  // Over plain http the header is ignored, and a browser that once saw it would lock people out of a later http address.
  strictTransportSecurity: url.startsWith('https:') ? { maxAge: 15_552_000, includeSubDomains: false } : false,
});
