import { expect, test } from 'vitest';
import { toast, toasts } from './toast.ts';

test('“The workflow is off” goes when the workflow was turned on again, other words stay', () => {
  toast({ title: 'Copied' });
  toast({ title: 'The workflow is off', about: 'live w' });
  toast({ title: 'Another is off', about: 'live v' });
  toast({ title: 'Version 1 is live', about: 'live w' });
  expect(toasts().map(({ title }) => title)).toEqual(['Copied', 'Another is off', 'Version 1 is live']);
});
