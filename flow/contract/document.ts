import * as z from 'zod';
import { issue, workflow } from '../document/workflow.ts';
import { time } from './time.ts';
import { listedTrigger, version, versionNumber } from './workflow.ts';

/** What came of storing a document. */
export const savedWorkflow = z.object({ id: z.string(), revision: z.number(), issues: z.array(issue) });

/** A workflow as it is edited: its draft, and what is live. */
export const openedWorkflow = savedWorkflow.extend({
  name: z.string(),
  document: workflow,
  published: versionNumber.describe('The version that is live'),
  latest: versionNumber.describe('The highest version that was published; without published, it was turned off'),
  triggers: z.array(listedTrigger).describe('Those of the published version'),
  bases: z
    .object({ hooks: z.string(), forms: z.string(), hasOwnAddress: z.literal(true).optional() })
    .describe('Where addresses of the workspace begin; hasOwnAddress: neither screens nor API are there'),
  createdAt: time,
  updatedAt: time,
});

/** A version with its document and what it may do. */
export const wholeVersion = version.omit({ isPublished: true }).extend({ document: workflow, manifest: z.unknown() });

/** The document that a run executes. */
export const runDocument = z.object({
  version: versionNumber.describe('null: a draft, as it was when the run began'),
  document: workflow,
});

/** `details` of `stale`: the draft as it is now. */
export const staleDetails = z.object({ revision: z.int(), document: workflow });

/** `details` of `issues`: what is wrong with the document. */
export const issuesDetails = z.object({ issues: z.array(issue) });
