import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { methodsAt } from './allowed-methods.ts';
import type { ListedRoute } from './door.ts';
import { notFound, Refusal } from './refusal.ts';

/** One file of the built app. */
interface Page {
  readonly file: string;
  readonly type: string;
  readonly etag: string;
  /** Its name carries a hash of what is in it, so it never changes. */
  readonly isForever: boolean;
  /** Compressed beside it by the build. */
  readonly gzip: string | undefined;
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Addresses of ours that are never a page of the app. */
const notPages = /^\/(api|trpc|hooks|forms|chat|metrics|healthz|readyz)(\/|$)/;

/**
 * Serves the built app from the list of files found at start: an address is looked up in it, never joined to a folder, so there is no way out
 * (SAFETY W9). Every other address that a browser opens is the app's own page. Without a build there is only a 404.
 */
export function mountStatic(app: FastifyInstance, root: string, listed: readonly ListedRoute[] = []): void {
  const pages = existsSync(root) ? listPages(root) : new Map<string, Page>();
  const index = pages.get('/index.html');
  app.setNotFoundHandler(async (request, reply) => {
    const address = decodedPath(request.url);
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    const methods = methodsAt(listed, address);
    if (methods.length > 0) throw wrongMethod(methods);
    if (!isReading || notPages.test(address)) throw notFound('address');
    const page =
      pages.get(address === '/' ? '/index.html' : address) ?? (opensPage(request, address) ? index : undefined);
    if (!page) throw notFound('address');
    return sendPage(request, reply, page);
  });
}

const wrongMethod = (methods: readonly string[]) =>
  new Refusal(405, 'method', `This address takes ${methods.join(', ')}.`, { headers: { allow: methods.join(', ') } });

/** A browser's address bar asks for HTML; a missing file of the app must not be answered with its page. */
const opensPage = (request: FastifyRequest, address: string) =>
  (request.headers.accept ?? '').includes('text/html') && !/\.[a-z\d]{2,11}$/i.test(address);

function decodedPath(url: string): string {
  const raw = url.split(/[?#]/, 1)[0] ?? '/';
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

function listPages(root: string): Map<string, Page> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const present = new Set(files);
  return new Map(
    files
      .filter((file) => !/\.(gz|br)$/.test(file))
      .map((file) => [`/${path.relative(root, file).split(path.sep).join('/')}`, pageOf(file, present)]),
  );
}

function pageOf(file: string, present: ReadonlySet<string>): Page {
  const isForever = /[-.][\w-]{8}\.\w+$/.test(file) && !file.endsWith('.html');
  // A name with a hash in it says as much as another hash would: reading the whole app costs a sixth of a start.
  const known = isForever ? path.basename(file) : readFileSync(file);
  return {
    file,
    type: types[path.extname(file)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(known).digest('base64url').slice(0, 22)}"`,
    isForever,
    gzip: present.has(`${file}.gz`) ? `${file}.gz` : undefined,
  };
}

function sendPage(request: FastifyRequest, reply: FastifyReply, page: Page): FastifyReply {
  reply.headers({
    etag: page.etag,
    vary: 'accept-encoding',
    'cache-control': page.isForever ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  if (request.headers['if-none-match'] === page.etag) return reply.code(304).send();
  reply.code(200).type(page.type);
  const zipped = page.gzip && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') ? page.gzip : undefined;
  if (zipped) reply.header('content-encoding', 'gzip');
  if (request.method === 'HEAD') return reply.send();
  return reply.send(createReadStream(zipped ?? page.file));
}
