import { vi } from 'vitest';

/** `HEDDLE_TEST_TIMES=8`: every law is tried on eight times as many cases as it says (`npm run test:long`). */
vi.mock('fast-check', async (original) => {
  const fc = await original<typeof import('fast-check')>();
  const times = Number(process.env['HEDDLE_TEST_TIMES'] ?? 1);
  const assert = new Proxy(fc.assert, {
    apply: (target, self, [property, params]: Parameters<typeof fc.assert>) =>
      Reflect.apply(target, self, [property, { ...params, numRuns: (params?.numRuns ?? 100) * times }]),
  });
  return { ...fc, assert, default: { ...fc.default, assert } };
});
