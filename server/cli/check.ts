import { Command } from 'commander';
import { readDocument } from './document.ts';
import { issueLine, print } from './print.ts';

/** `heddle check FILE`: what is wrong with a document; exit 2 when something keeps it from running. */
export const checkCommand = (): Command =>
  new Command('check')
    .description('say what is wrong with a workflow file, and how to fix it')
    .argument('<file>', 'a workflow document; - reads standard input')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const { issues } = await readDocument(file);
      if (json) print.json(issues);
      else for (const issue of issues) print.line(issueLine(issue));
      if (!json && issues.length === 0) print.line('Nothing is wrong with it.');
      if (issues.some((issue) => issue.level === 'error')) process.exitCode = 2;
    });
