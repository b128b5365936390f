import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Served } from './served.ts';

const Run = z.object({ status: z.string(), output: z.array(z.unknown()) });
const Ports = z.record(z.string(), z.array(z.unknown()));
const Steps = z.object({
  items: z.array(z.object({ key: z.string(), status: z.string(), input: Ports, output: Ports })),
});
const count = 20;

/**
 * Reads 20 of these runs back over REST, and throws unless each is whole: over, with its output, every step with what went in and out. What
 * was fast and is not there was not fast.
 */
export async function readBack(
  served: Served,
  runs: readonly string[],
  keys: readonly string[],
  { input, output }: { readonly input: unknown; readonly output: readonly unknown[] },
): Promise<void> {
  if (runs.length < count) throw new Error(`Only ${runs.length} answers named their run.`);
  for (const id of runs.slice(0, count)) {
    const run = Run.parse(await served.read(`/runs/${id}`));
    const steps = Steps.parse(await served.read(`/runs/${id}/steps?full=1`)).items;
    const began = z.object({ body: z.unknown() }).parse(Object.values(steps[0]?.output ?? {})[0]?.[0]);
    const found = {
      status: run.status,
      output: run.output,
      came: began.body,
      steps: steps.map((step) => `${step.key} ${step.status}`),
      handedOn: steps.slice(1).map((step, at) => isHandedOn(steps[at]?.output ?? {}, step.input)),
      last: Object.values(steps.at(-1)?.input ?? {})[0],
    };
    const whole = {
      status: 'finished',
      output,
      came: input,
      steps: keys.map((key) => `${key} finished`),
      handedOn: keys.slice(1).map(() => true),
      last: output,
    };
    if (!isDeepStrictEqual(found, whole)) throw new Error(`${id} is not whole: ${JSON.stringify(found)}`);
  }
}

/** Whether what one step gave is what the next one got, and is something. */
const isHandedOn = (given: z.infer<typeof Ports>, got: z.infer<typeof Ports>): boolean => {
  const [from, to] = [Object.values(given)[0], Object.values(got)[0]];
  return from !== undefined && from.length > 0 && isDeepStrictEqual(from, to);
};
