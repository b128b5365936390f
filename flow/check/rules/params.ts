import type { Wired } from '../../compile/wiring.ts';
import { listingParams } from '../../document/ports.ts';
import { quote } from '../../document/quote.ts';
import type { Issue } from '../../document/workflow.ts';
import { found } from '../codes.ts';
import { holdsOver } from '../params/condition.ts';
import { pathText, textsOf } from '../params/places.ts';
import { misfits } from '../params/schema.ts';
import type { Misfit } from '../params/schema.ts';
import { sentenceOf } from '../params/sentences.ts';
import { titleText } from '../params/titles.ts';
import { unknownFields } from '../params/unknown.ts';
import { enabled, findIn } from '../view.ts';
import type { Rule, View } from '../view.ts';

/** Params against what their card says of them. */
export const params: Rule = {
  codes: ['param-missing', 'param-invalid', 'param-unknown', 'param-ports', 'param-check', 'large-params'],
  check: (view) => findIn(view, enabled(view), (wired) => paramIssues(view, wired)),
};

/** What finding the words for a misfit takes. */
const stepsAMisfit = 400;

function* paramIssues(view: View, wired: Wired): Generator<Issue> {
  const values = view.paramsOf(wired);
  const ports = worked(wired, values);
  yield* ports;
  if (ports.length === 0)
    for (const one of misfits(wired.card.params, values, view.budget)) {
      view.budget.spend(stepsAMisfit);
      yield misfitIssue(wired, one);
    }
  yield* unknownParams(view, wired);
  yield* broken(wired, values);
  yield* tooLarge(view, wired);
}

function misfitIssue({ node, card }: Wired, misfit: Misfit): Issue {
  const param = pathText(misfit.path);
  const { message, mend } = sentenceOf(card.params, misfit);
  const code = misfit.how.kind === 'missing' ? 'param-missing' : 'param-invalid';
  return found(code, { node: node.key, ...(param === '' ? {} : { param }) }, message, mend);
}

/** Which ports there are must be known before a run. */
function worked({ node, card }: Wired, values: Readonly<Record<string, unknown>>): Issue[] {
  const names = [card.inputs, card.outputs].flatMap(listingParams);
  return names
    .filter((name) => typeof values[name] === 'string' && String(values[name]).includes('{{'))
    .map((name) =>
      found(
        'param-ports',
        { node: node.key, param: name },
        `${titleText(card.params, [name])} sets the outputs of the node, so it cannot be an expression.`,
        'Enter a fixed value.',
      ),
    );
}

function unknownParams(view: View, { node, card }: Wired): Issue[] {
  return unknownFields(card.params, node.params ?? {}, view.budget).map(({ path, known }) => {
    view.budget.spend(stepsAMisfit);
    const name = String(path.at(-1));
    const meant = view.meant(name, known);
    const mend = meant ? `Use ${meant} instead.` : 'Remove it: it has no effect.';
    const place = path.slice(0, -1);
    const owner = place.length === 0 ? card.title : titleText(card.params, place);
    const param = pathText([...place, name.slice(0, 200)]);
    return found('param-unknown', { node: node.key, param }, `${owner} has no field ${quote(name)}.`, mend);
  });
}

const broken = ({ node, card }: Wired, values: Readonly<Record<string, unknown>>): Issue[] =>
  card.checks
    .filter(({ when }) => holdsOver(when, values))
    .map(({ message, param }) =>
      found('param-check', { node: node.key, ...(param === undefined ? {} : { param }) }, message, ''),
    );

const large = 100_000;
const stepsAText = 5;

function tooLarge({ nameOf, budget }: View, { node }: Wired): Issue[] {
  let size = 0;
  for (const { text } of textsOf(node.params)) {
    budget.spend(stepsAText);
    size += text.length;
  }
  if (size <= large) return [];
  const message = `The fields of ${nameOf(node.key)} hold ${Math.round(size / 1000)} thousand characters.`;
  return [
    found(
      'large-params',
      { node: node.key },
      message,
      'Keep large data in a file or a data table, and read it when it is needed.',
    ),
  ];
}
