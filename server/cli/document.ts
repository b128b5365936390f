import { readFile } from 'node:fs/promises';
import { check } from '../../flow/check/check.ts';
import { compile } from '../../flow/compile/compile.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { parseWorkflow } from '../../flow/document/parse.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import { builtInNodes } from '../catalogue/built-in.ts';
import { UsageError } from './usage-error.ts';

/** A document read from a file, with what is wrong with it. */
export interface ReadDocument {
  readonly document: Workflow | undefined;
  readonly issues: readonly Issue[];
}

/** Reads, parses and checks a workflow file against the nodes of this build: a file belongs to no workspace. Throws a sentence when there is no such file. */
export async function readDocument(file: string): Promise<ReadDocument> {
  const text = await readText(file);
  const parsed = parseWorkflow(text);
  if (!parsed.ok) return { document: undefined, issues: parsed.issues };
  return {
    document: parsed.document,
    issues: check(parsed.document, builtInNodes.catalogue, { types: builtInNodes.types }),
  };
}

export async function readText(file: string): Promise<string> {
  if (file === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  }
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new UsageError(`The file ${file} cannot be read. Check its name and whether you may read it.`);
  }
}

/** The plan of a document without errors; its Issues otherwise. */
export function planOf({
  document,
  issues,
}: ReadDocument): { ok: true; plan: Plan; document: Workflow } | { ok: false; issues: readonly Issue[] } {
  const errors = issues.filter((issue) => issue.level === 'error');
  if (!document || errors.length > 0) return { ok: false, issues: errors };
  const compiled = compile(document, builtInNodes.catalogue);
  return compiled.ok ? { ok: true, plan: compiled.plan, document } : compiled;
}
