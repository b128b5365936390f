import { Command } from 'commander';
import { allNodes } from '../../nodes/all.ts';
import { cardOf } from '../../nodes/kit/card.ts';
import { print } from './print.ts';

/** `heddle nodes`: every node card. */
export const nodesCommand = (): Command =>
  new Command('nodes')
    .description('list every node with its ports and what it does')
    .action(({ json }: { json?: boolean }) => {
      const cards = allNodes.map(cardOf);
      if (json) return print.json(cards);
      const width = Math.max(...cards.map((card) => card.type.length));
      for (const card of cards) print.line(`${card.type.padEnd(width)}  ${card.summary}`);
    });
