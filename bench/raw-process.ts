import postgres from 'postgres';
import { joinEmbeddedPostgres } from '../server/db/embedded.ts';
import { databaseUrl } from '../server/db/testing.ts';
import { openRaw, serveRaw } from './raw.ts';

// The raw durable limit as a server of its own, in a database of its own beside the product's: node bench/raw-process.ts HOME.
// Says where it listens; on SIGTERM counts what the database has and says that.
const server = await joinEmbeddedPostgres({ home: process.argv[2] ?? '' });
const admin = postgres(server.url, { max: 1, onnotice: () => {} });
await admin.unsafe('drop database if exists bench_raw with (force)');
await admin.unsafe('create database bench_raw');
await admin.end();
const raw = await openRaw(databaseUrl(server.url, 'bench_raw'));
const { server: http, url } = await serveRaw(raw);
process.once('SIGTERM', async () => {
  http.close();
  http.closeAllConnections();
  console.log(JSON.stringify({ finished: await raw.finished() }));
  await raw[Symbol.asyncDispose]();
  await server.leave();
  process.exit(0);
});
console.log(JSON.stringify({ url }));
