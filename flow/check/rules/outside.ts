import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { pathText, placesOf } from '../params/places.ts';
import type { Place } from '../params/places.ts';
import type { Rule } from '../view.ts';

/** Credentials and workflows that are named and are not there. */
export const outside: Rule = {
  codes: ['credential-missing', 'credential-kind', 'credential-worked-out', 'workflow-missing'],
  check(view) {
    const credentials = view.context.credentials && new Set(view.context.credentials);
    const workflows = view.context.workflows && new Set(view.context.workflows);
    const named = [...view.wiring.nodes.values()].flatMap(({ node, card }) =>
      placesOf(card.params, node.params ?? {}).flatMap((place) => [
        ...credentialIssues(node.key, place, credentials),
        ...(card.role === 'start' ? [] : unsentIssues(node.key, place, view.context.unsent ?? [])),
        ...workflowIssues(node.key, place, workflows),
      ]),
    );
    const { errorWorkflow } = view.document.settings ?? {};
    if (errorWorkflow === undefined || !workflows || workflows.has(errorWorkflow)) return named;
    return [...named, noWorkflow({}, errorWorkflow)];
  },
};

function credentialIssues(key: string, { ui, value, path }: Place, known: ReadonlySet<string> | undefined): Issue[] {
  if (ui !== 'credential' || typeof value !== 'string' || value === '') return [];
  const where = { node: key, param: pathText(path) };
  if (value.includes('{{')) {
    const message = `Which connection ${key} uses is decided by an expression, so publishing allows all of them.`;
    return [found('credential-worked-out', where, message, 'Choose a fixed connection.')];
  }
  if (!known || known.has(value)) return [];
  return [
    found(
      'credential-missing',
      where,
      `The connection ${quote(value)} is not in this workspace.`,
      'Create it, or choose another connection.',
    ),
  ];
}

/** Starts may prove their callers by any kind of credential; other nodes send theirs along. */
function unsentIssues(key: string, { ui, value, path }: Place, unsent: readonly string[]): Issue[] {
  if (ui !== 'credential' || typeof value !== 'string' || !unsent.includes(value)) return [];
  return [
    found(
      'credential-kind',
      { node: key, param: pathText(path) },
      `The connection ${quote(value)} checks callers of webhooks and cannot be sent.`,
      'Choose one for requests, such as a bearer token.',
    ),
  ];
}

function workflowIssues(key: string, { ui, value, path }: Place, known: ReadonlySet<string> | undefined): Issue[] {
  if (ui !== 'workflow' || typeof value !== 'string' || value === '' || value.includes('{{')) return [];
  return !known || known.has(value) ? [] : [noWorkflow({ node: key, param: pathText(path) }, value)];
}

const noWorkflow = (where: Issue['where'], id: string): Issue =>
  found(
    'workflow-missing',
    where,
    `The workflow ${quote(id)} is not there, or not published.`,
    'Publish it, or choose another.',
  );
