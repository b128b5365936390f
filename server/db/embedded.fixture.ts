import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { joinEmbeddedPostgres } from './embedded.ts';
import { inTurn } from './turn.ts';

/**
 * A process for the tests to start, speak to and kill.
 *
 *     join HOME              joins, says {how, url, note}, leaves at the first line on stdin and says {left}
 *     count FOLDER FILE N    adds one to the number in FILE, N times, each in a turn
 *     sit FOLDER             takes the turn, says {holding} and never gives it back
 */
const [verb, ...args] = process.argv.slice(2);
const say = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

if (verb === 'join') {
  const server = await joinEmbeddedPostgres({ home: args[0] ?? '', durable: false });
  say({ how: server.how, url: server.url, note: server.note });
  for await (const _line of createInterface({ input: process.stdin })) break;
  await server.leave();
  say({ left: true });
  process.exit(0);
} else if (verb === 'count') {
  const [folder = '', file = '', times = ''] = args;
  for (let done = 0; done < Number(times); done += 1) {
    await inTurn(folder, async () => {
      const seen = Number(readFileSync(file, 'utf8'));
      await pause(1);
      writeFileSync(file, String(seen + 1));
      appendFileSync(`${file}.log`, `${process.pid}\n`);
    });
  }
} else {
  await inTurn(args[0] ?? '', async () => {
    say({ holding: true });
    await pause(600_000);
  });
}
