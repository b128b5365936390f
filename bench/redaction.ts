import { redactor } from '../server/powers/redaction/redactor.ts';
import { median } from './load.ts';

/**
 * What looking for secrets costs: an answer of 10 MB of JSON, with escapes in it, of a run that may be told twenty connections; and what a byte of that costs of
 * what one of 1 MB does. Processor time, so that what else the machine does is not in it.
 */
export async function redaction(): Promise<object> {
  const secrets = Array.from(
    { length: 20 },
    (_, nth) => `sk_live_${Buffer.from(`secret number ${nth} of many`).toString('base64url')}`,
  );
  const redact = redactor([...secrets, 'pa$$"word\\of&Ada', 'ada:pa$$"word\\of&Ada']);
  const row = (nth: number) =>
    `{"id":${nth},"name":"\\u00c5sa \\"${nth}\\"","at":"2026-11-30T04:00:00Z","url":"https:\\/\\/example.com\\/${nth}?a=%20"},`;
  const bodyOf = (bytes: number) => {
    const rows: string[] = [];
    for (let nth = 0, size = 0; size < bytes; nth++) size += rows[rows.push(row(nth)) - 1]!.length;
    return Buffer.from(rows.join(''));
  };
  const [small, large] = [bodyOf(1_000_000), bodyOf(10_000_000)];
  const cost = async (body: Uint8Array) => {
    const began = process.threadCpuUsage();
    await redact.bytes(body);
    const { user, system } = process.threadCpuUsage(began);
    return (user + system) / 1_000;
  };
  await cost(small);
  const rounds: { few: number; many: number }[] = [];
  for (let round = 0; round < 5; round++) rounds.push({ few: await cost(small), many: await cost(large) });
  const growth = median(rounds.map(({ few, many }) => many / large.length / (few / small.length)));
  return { ms: Math.round(median(rounds.map(({ many }) => many))), growth: Math.round(growth * 100) / 100 };
}
