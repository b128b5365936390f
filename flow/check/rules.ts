import { answers } from './rules/answers.ts';
import { code } from './rules/code.ts';
import { edges } from './rules/edges.ts';
import { effects, errorPorts } from './rules/effects.ts';
import { expressions } from './rules/expressions.ts';
import { json } from './rules/json.ts';
import { links } from './rules/links.ts';
import { loops } from './rules/loops.ts';
import { margins } from './rules/margins.ts';
import { outside } from './rules/outside.ts';
import { params } from './rules/params.ts';
import { patterns } from './rules/patterns.ts';
import { recursion } from './rules/recursion.ts';
import { paths, starts } from './rules/starts.ts';
import { comparisons } from './rules/comparisons.ts';
import { tables } from './rules/tables.ts';
import { times } from './rules/times.ts';
import { toFillIn } from './rules/to-fill-in.ts';
import { types } from './rules/types.ts';
import { unansweredBranches } from './rules/unanswered-branches.ts';
import type { Rule } from './view.ts';

/** Every rule that `check` carries out, in the order in which a person would mend what they find. */
export const rules: readonly Rule[] = [
  types,
  edges,
  loops,
  starts,
  params,
  expressions,
  json,
  code,
  patterns,
  tables,
  times,
  comparisons,
  outside,
  recursion,
  toFillIn,
  paths,
  unansweredBranches,
  effects,
  errorPorts,
  links,
  answers,
  margins,
];
