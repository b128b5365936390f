import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { calledAt } from '../calls.ts';
import { found } from '../codes.ts';
import { pathText } from '../params/places.ts';
import type { ParamPlace } from '../params/places.ts';
import type { CheckContext, Rule } from '../view.ts';

/** Credentials and workflows that are named and are not there. */
export const outside: Rule = {
  codes: ['credential-missing', 'credential-kind', 'credential-worked-out', 'workflow-missing'],
  check(view) {
    const credentials = view.context.credentials && new Set(view.context.credentials);
    const { workflows } = view.context;
    const named = [...view.wiring.nodes.values()].flatMap((wired) => {
      const { key } = wired.node;
      return view
        .placesOf(wired)
        .flatMap((place) => [
          ...credentialIssues({ key, name: view.nameOf(key) }, place, credentials),
          ...(wired.card.role === 'start' ? [] : unsentIssues(key, place, view.context.unsent ?? [])),
          ...workflowIssues(key, place, workflows),
        ]);
    });
    const { errorWorkflow } = view.document.settings ?? {};
    return errorWorkflow === undefined || errorWorkflow.includes('{{')
      ? named
      : [...named, ...uncallable({ setting: 'errorWorkflow' }, errorWorkflow, workflows)];
  },
};

function credentialIssues(
  { key, name }: { readonly key: string; readonly name: string },
  { ui, value, path }: ParamPlace,
  known: ReadonlySet<string> | undefined,
): Issue[] {
  if (ui !== 'credential' || typeof value !== 'string' || value === '') return [];
  const where = { node: key, param: pathText(path) };
  if (value.includes('{{')) {
    const message = `Which connection ${name} uses is decided by an expression, so publishing allows all of them.`;
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
function unsentIssues(key: string, { ui, value, path }: ParamPlace, unsent: readonly string[]): Issue[] {
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

function workflowIssues(key: string, place: ParamPlace, known: CheckContext['workflows']): Issue[] {
  const wanted = calledAt(place);
  return wanted === undefined ? [] : uncallable({ node: key, param: pathText(place.path) }, wanted, known);
}

/** What keeps a workflow from being called; told by its name, ids mean nothing to people. */
function uncallable(where: Issue['where'], wanted: string, known: CheckContext['workflows']): Issue[] {
  const meant = known?.filter(({ id, name }) => id === wanted || name === wanted);
  if (!meant || meant.some(({ isPublished }) => isPublished)) return [];
  const [first] = meant;
  return first
    ? [
        found(
          'workflow-missing',
          where,
          `The workflow ${quote(first.name)} is not published.`,
          'Publish it, or choose another.',
        ),
      ]
    : [
        found(
          'workflow-missing',
          where,
          'The workflow that is called is not in this workspace.',
          'Choose another workflow.',
        ),
      ];
}
