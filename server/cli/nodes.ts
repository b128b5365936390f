import { Command } from 'commander';
import { builtInNodes } from '../catalogue/built-in.ts';
import { print } from './print.ts';

/** `heddle nodes`: every node card of this build. */
export const nodesCommand = (): Command =>
  new Command('nodes')
    .description('list every node with its ports and what it does')
    .action(({ json }: { json?: boolean }) => {
      const { cards } = builtInNodes;
      if (json) return print.json(cards);
      const width = Math.max(...cards.map((card) => card.type.length));
      for (const card of cards) print.line(`${card.type.padEnd(width)}  ${card.summary}`);
    });
