import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { calledAt } from '../calls.ts';
import { found } from '../codes.ts';
import { pathText } from '../params/places.ts';
import type { ParamPlace } from '../params/places.ts';
import { findIn } from '../view.ts';
import type { KnownWorkflow, Rule } from '../view.ts';

/** Credentials and workflows that are named and are not there. */
export const outside: Rule = {
  codes: ['credential-missing', 'credential-kind', 'credential-worked-out', 'workflow-missing'],
  *check(view) {
    const credentials = view.context.credentials && new Set(view.context.credentials);
    const unsent = new Set(view.context.unsent);
    const known = view.context.workflows && knownBy(view.context.workflows);
    for (const wired of view.wiring.nodes.values()) {
      const { key } = wired.node;
      yield* findIn(view, view.placesOf(wired), (place) => [
        ...credentialIssues({ key, name: view.nameOf(key) }, place, credentials),
        ...(wired.card.role === 'start' ? [] : unsentIssues(key, place, unsent)),
        ...workflowIssues(key, place, known),
      ]);
    }
    const { errorWorkflow } = view.document.settings ?? {};
    if (errorWorkflow !== undefined && !errorWorkflow.includes('{{'))
      yield* uncallable({ setting: 'errorWorkflow' }, errorWorkflow, known);
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
function unsentIssues(key: string, { ui, value, path }: ParamPlace, unsent: ReadonlySet<string>): Issue[] {
  if (ui !== 'credential' || typeof value !== 'string' || !unsent.has(value)) return [];
  return [
    found(
      'credential-kind',
      { node: key, param: pathText(path) },
      `The connection ${quote(value)} checks callers of webhooks and cannot be sent.`,
      'Choose one for requests, such as a bearer token.',
    ),
  ];
}

/** What may be meant by an id or a name. */
type KnownBy = ReadonlyMap<string, readonly KnownWorkflow[]>;

function knownBy(workflows: readonly KnownWorkflow[]): KnownBy {
  const known = new Map<string, KnownWorkflow[]>();
  for (const one of workflows)
    for (const word of new Set([one.id, one.name])) {
      const meant = known.get(word);
      if (meant) meant.push(one);
      else known.set(word, [one]);
    }
  return known;
}

function workflowIssues(key: string, place: ParamPlace, known: KnownBy | undefined): Issue[] {
  const wanted = calledAt(place);
  return wanted === undefined ? [] : uncallable({ node: key, param: pathText(place.path) }, wanted, known);
}

/** What keeps a workflow from being called; told by its name, ids mean nothing to people. */
function uncallable(where: Issue['where'], wanted: string, known: KnownBy | undefined): Issue[] {
  if (!known) return [];
  const meant = known.get(wanted) ?? [];
  if (meant.some(({ isPublished }) => isPublished)) return [];
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
