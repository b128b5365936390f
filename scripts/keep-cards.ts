import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { allNodes } from '../nodes/all.ts';
import { cardOf } from '../nodes/kit/card.ts';

const file = path.resolve(import.meta.dirname, '../app/canvas/testing/cards.json');

/** The cards of all nodes as the server sends them: the app's tests take them from a file, since the app may not import nodes. */
export const cardsText = (): string => `${JSON.stringify(allNodes.map(cardOf), null, 1)}\n`;

/** What lies in the file. */
export const keptCards = (): string => readFileSync(file, 'utf8');

/** Writes the file anew: what `npm run docs:nodes` does beside the page. */
export const keepCards = (): void => writeFileSync(file, cardsText());
