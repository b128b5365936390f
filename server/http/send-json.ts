import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { jsonWeight } from '../../flow/values/json-weight.ts';
import { isHeavy, isLarge, jsonBytes, jsonPieces } from '../text/known-json.ts';
import { atOnceMost } from '../text/turns.ts';
import { JsonText } from './json-text.ts';
import { enterMade } from './readers.ts';

const jsonType = 'application/json; charset=utf-8';

/** Of what nobody made room for no more is counted: documents and lists, which do not grow with runs. */
const uncountedFrom = 4 * 1024 * 1024;

/**
 * Sends JSON. What is long is written in turns, piece by piece as it is taken, so that its text is never there as a whole: a value that stands in it two
 * hundred times is held once. Throws 429 when large answers have no room left.
 */
export async function sendJson(reply: FastifyReply, body: unknown): Promise<FastifyReply> {
  reply.type(jsonType);
  if (body instanceof JsonText) return reply.send(body.text);
  if (!isHeavy(body, atOnceMost)) return reply.send(JSON.stringify(body));
  const { raw, request } = reply;
  enterMade(raw, Math.min(uncountedFrom, jsonWeight(body, uncountedFrom, isLarge)), request.caller.workspace);
  return reply.send(request.method === 'HEAD' ? Readable.from([]) : Readable.from(jsonPieces(body)));
}

const zip = promisify(gzip);
const zipped = new WeakMap<object, Promise<Buffer>>();

/** Sends what is one object for everybody, compressed once: it holds nothing of anybody, so that its length tells nothing (BREACH). */
export async function sendZipped(reply: FastifyReply, body: object): Promise<FastifyReply> {
  const bytes = zipped.get(body) ?? zip(await textOf(body), { level: 9 });
  zipped.set(body, bytes);
  return reply
    .headers({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    .type(jsonType)
    .send(await bytes);
}

const textOf = (body: object): string | Promise<Uint8Array> => (body instanceof JsonText ? body.text : jsonBytes(body));
