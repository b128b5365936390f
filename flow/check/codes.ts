import { faultWords } from '../expression/faults.ts';
import type { FaultCode } from '../expression/faults.ts';
import type { Issue } from '../document/workflow.ts';

type Level = Issue['level'];
const entry = (level: Level, sentence: string) => ({ level, sentence });

/** What `parseWorkflow` and `check` may find in a document: how bad it is, and what it means in one sentence. */
const ownCodes = {
  'document.not-json': entry('error', 'The text is not JSON, or holds a value that JSON has not.'),
  'document.not-heddle': entry('error', 'The document is none of ours.'),
  'document.newer-format': entry('error', 'The document was written by a later build.'),
  'document.too-large': entry('error', 'The document is larger than documents may be.'),
  'document.too-deep': entry('error', 'A value is nested deeper than documents may be.'),
  'document.forbidden-key': entry('error', 'A field has a name that no field may have.'),
  'document.unknown-field': entry('error', 'The envelope has a field that does not exist.'),
  'document.invalid': entry('error', 'A field of the envelope has a value that does not fit.'),
  'document.duplicate-key': entry('error', 'Two nodes have one key.'),
  'document.duplicate-id': entry('error', 'Two notes or groups have one id.'),
  'unknown-type': entry('error', 'This build has no such node, or not in that version.'),
  'newer-version': entry('hint', 'The node has a newer version.'),
  'edge-end': entry('error', 'An edge begins or ends at a node or port that is not there.'),
  'edge-kind': entry('error', 'An edge joins a port for items to a port for parts.'),
  'edge-twice': entry('error', 'The same edge is there twice.'),
  cycle: entry('error', 'Nodes feed each other in a circle without a loop node.'),
  'loop-leak': entry('error', 'An edge leaves or enters the body of a loop other than through the loop.'),
  'loop-back': entry('error', 'An edge goes back into a loop from outside its body.'),
  'loop-empty': entry('warning', 'A loop has no body.'),
  'loop-open': entry('warning', 'Nothing comes back into a loop.'),
  'too-many-loops': entry('error', 'The workflow has more loops than can be followed.'),
  'no-start': entry('error', 'Nothing starts the workflow.'),
  unreachable: entry('warning', 'No start leads to the node, so it never runs.'),
  'start-alone': entry('warning', 'A start leads to no node, so its runs do nothing.'),
  'param-missing': entry('error', 'A required field is empty.'),
  'param-invalid': entry('error', 'A field has a value that does not fit.'),
  'param-unknown': entry('warning', 'The node has no such field.'),
  'param-ports': entry('error', 'A field that sets the ports of a node is an expression.'),
  'param-check': entry('error', 'Fields do not fit together.'),
  'large-params': entry('hint', 'The fields of a node are very large.'),
  'unchecked-expressions': entry('hint', 'There are more expressions than a check reads.'),
  'key-long': entry('error', 'A key that is worked out for each call is longer than keys are.'),
  'code-syntax': entry('error', 'Code does not parse.'),
  'code-unavailable': entry('error', 'Code uses a name that code nodes do not have.'),
  'expression-nearly': entry('warning', 'A text is nearly an expression, and is used as it is written.'),
  'expression-unread': entry('warning', 'An expression stands where text is used as it is written.'),
  'json-broken': entry('error', 'A field that is read as JSON holds a text that is none.'),
  'reference-unknown': entry('error', 'An expression or code names a node that is not there.'),
  'reference-later': entry('error', 'An expression or code names a node that runs only afterwards.'),
  'reference-aside': entry('warning', 'An expression or code names a node that need not have run before.'),
  'credential-missing': entry('error', 'A connection does not exist.'),
  'credential-kind': entry('warning', 'A connection that only checks callers is used for a request.'),
  'credential-worked-out': entry('warning', 'An expression decides which connection is used.'),
  'address-example': entry('warning', 'An address of a template was not filled in yet.'),
  'workflow-missing': entry('warning', 'A workflow that is called is not there or not published.'),
  'endless-recursion': entry(
    'warning',
    'A workflow calls itself, directly or through others, and nothing on the way can stop it.',
  ),
  'retry-of-effect': entry('warning', 'A retry may do twice what should be done once.'),
  'effect-in-repeat': entry('warning', 'An effect is done again on every try of a repeat.'),
  'effect-in-loop': entry('hint', 'An effect is done on every turn of a loop.'),
  'error-port-open': entry('warning', 'Failed items leave by a port that leads nowhere.'),
  'path-twice': entry('error', 'Two starts listen on one path.'),
  'path-taken': entry('warning', 'Another workflow listens on the path.'),
  'reply-without-respond': entry('warning', 'A caller waits for a reply that no node gives.'),
  'respond-branch-open': entry('warning', 'A caller waits for a reply, and a branch ends without one.'),
  'respond-unheard': entry('warning', 'A node replies and no caller waits for it.'),
  'link-nowhere': entry('warning', 'The link of a wait is named, and nothing after it waits to be called.'),
  'link-untold': entry('warning', 'A node waits to be called, and nobody is sent its link.'),
  'pattern-unusable': entry('error', 'A regular expression cannot be used.'),
  'table.gap': entry('warning', 'A decision table leaves a case open.'),
  'table.unreachable': entry('warning', 'A row of a decision table never decides.'),
  'table.overlap': entry('hint', 'Rows of a decision table hold at once, with different results.'),
  'table.too-large': entry('hint', 'A decision table is too large to be looked at for gaps.'),
  'cron-unusable': entry('error', 'A cron rule cannot be read, or never comes due.'),
  'duration-unusable': entry('error', 'A time cannot be read.'),
  'duration-absurd': entry('error', 'A time is longer or shorter than can be meant.'),
  'batch-large': entry('warning', 'A batch is larger than what one run gathers.'),
  'condition-empty': entry('warning', 'A condition compares nothing.'),
  'condition-kinds': entry('warning', 'A condition compares kinds of values that cannot be compared.'),
  'header-unsent': entry('warning', 'A header of an answer is not sent.'),
  'type-unsent': entry('warning', 'An answer is sent as another type than its author wrote.'),
  'redirect-open': entry('warning', 'An expression decides where a redirect leads.'),
  'unknown-timezone': entry('error', 'There is no such time zone.'),
  'stray-name': entry('hint', 'Something beside the graph names a node that is not there.'),
  'too-much-to-check': entry('error', 'The document holds more than a check looks at.'),
  'not-checked': entry('error', 'The document was not checked: the server had too much to do.'),
  'check-failed': entry('warning', 'Something went wrong in Heddle: a check failed.'),
} as const satisfies Readonly<Record<string, { level: Level; sentence: string }>>;

export type IssueCode = keyof typeof ownCodes | FaultCode;

/** Every code that an Issue may have, with its level and its sentence; expressions bring their own. */
export const codes: Readonly<Record<IssueCode, { readonly level: Level; readonly sentence: string }>> = {
  ...ownCodes,
  // The words of the language are complete over its codes, so that their entries are too.
  ...(Object.fromEntries(
    Object.entries(faultWords).map(([code, sentence]) => [code, entry('error', sentence)]),
  ) as Record<FaultCode, { level: Level; sentence: string }>),
};

/** An Issue of a code of the catalogue, at that code's level. */
export const found = (code: IssueCode, where: Issue['where'], message: string, mend: string): Issue => ({
  level: codes[code].level,
  code,
  where,
  message,
  mend,
});
