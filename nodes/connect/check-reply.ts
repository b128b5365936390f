import type { Reconciled } from '../kit/define-node.ts';
import type { Compute } from '../kit/computation.ts';
import type { HttpReply } from '../kit/powers.ts';
import { readPath } from '../data/path.ts';
import { jsonOfAnswer } from './http-answer.ts';
import { withoutQuery } from './reply-fault.ts';

/**
 * What a GET about an earlier request tells: 404 and 410 say that it was not done, any other status but 2xx says nothing. Of a 2xx answer the field
 * tells when one is named: a list or text without anything in it, false, null and no value at all mean not done.
 */
export async function verdictOf(
  field: string | undefined,
  reply: HttpReply,
  { gives, compute }: { readonly gives: () => unknown; readonly compute: Compute },
): Promise<Reconciled> {
  const { status } = reply;
  if (status === 404 || status === 410) return { did: 'not-done' };
  const where = withoutQuery(reply.url);
  if (status < 200 || status > 299) return { did: 'unknown', why: `The check URL ${where} answered ${status}.` };
  if (field === undefined || field.trim() === '') return { did: 'done', gives: await gives() };
  const { items, broken } = await compute(jsonOfAnswer, { text: await reply.text().catch(() => '') });
  if (broken !== undefined)
    return { did: 'unknown', why: `The check URL ${where} answered with something that is not JSON.` };
  return isThere(readPath(items[0], field.trim())) ? { did: 'done', gives: await gives() } : { did: 'not-done' };
}

const isThere = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : !(value === undefined || value === null || value === false || value === '');
