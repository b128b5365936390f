import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { compare } from './compare.ts';
import { catalogueOf } from '../graph/catalogue.ts';
import { cards } from './testing/cards.ts';

test('what changed is said by the names that the cards show, not by keys', () => {
  const live = draw('hook:start.webhook -> price:data.set');
  const draft = draw('hook:start.webhook -> price:data.set -> reply:control.respond');
  const words = compare(live, draft, catalogueOf(cards));
  expect(words.join(' ')).toContain('Connected “Set fields” to “Respond”.');
  expect(words.join(' ')).not.toMatch(/\b(price|reply)\b/);
});
