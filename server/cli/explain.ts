import { Command } from 'commander';
import { explain } from '../../flow/compile/explain.ts';
import { planOf, readDocument } from './document.ts';
import { issueLine, print } from './print.ts';

/** `heddle explain FILE`: the plan, one line a stage. */
export const explainCommand = (): Command =>
  new Command('explain')
    .description('say how a workflow file would run, one line a stage')
    .argument('<file>', 'a workflow document; - reads standard input')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const planned = planOf(await readDocument(file));
      if (!planned.ok) {
        if (json) print.json({ issues: planned.issues });
        else for (const issue of planned.issues) print.problem(issueLine(issue));
        process.exitCode = 2;
      } else if (json) print.json({ ...planned.plan, lines: explain(planned.plan) });
      else for (const line of explain(planned.plan)) print.line(line);
    });
