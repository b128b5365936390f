import type { Wired } from '../../compile/wiring.ts';
import { longestDuration, parseDuration } from '../../document/duration.ts';
import { quote } from '../../document/quote.ts';
import { batchMost } from '../../document/workflow.ts';
import type { Issue, Workflow } from '../../document/workflow.ts';
import { lookAtCron } from '../../values/cron.ts';
import type { cronTrouble, Trouble } from '../../values/cron.ts';
import { isZone } from '../../values/zone.ts';
import { found } from '../codes.ts';
import { isLiteral, pathText } from '../params/places.ts';
import type { ParamPlace } from '../params/places.ts';
import { titleText } from '../params/titles.ts';
import { enabled, findIn } from '../view.ts';
import type { Rule, View } from '../view.ts';

/** Times that are written well and mean nothing: a minute 61, 30 February, no such zone, a pause of a thousand years. */
export const times: Rule = {
  codes: ['cron-unusable', 'unknown-timezone', 'duration-unusable', 'duration-absurd', 'batch-large'],
  *check(view) {
    const troubleOf = remembered(view);
    yield* findIn(view, enabled(view), (wired) => nodeIssues(view, wired, troubleOf));
    yield* settingIssues(view.document);
  },
};

/** Of all cron rules of a document: one that never comes due takes 40 (10 ms), most take one. */
const mostYears = 1_000;
const stepsAYear = 5_000;
const tooMany: Trouble = {
  message: 'There are more times than can be looked at.',
  mend: 'Use fewer schedules, or times that come more often.',
};

/** Each rule is looked at once, or refused: what is published comes due before long. */
function remembered({ budget }: View): typeof cronTrouble {
  const known = new Map<string, Trouble | undefined>();
  let left = mostYears;
  return (rule, zone = 'UTC') => {
    const key = `${zone} ${rule}`;
    if (known.has(key)) return known.get(key);
    if (left <= 0) return tooMany;
    const { trouble, years } = lookAtCron(rule, zone);
    left -= Math.max(years, 1);
    budget.spend(Math.max(years, 1) * stepsAYear);
    known.set(key, trouble);
    return trouble;
  };
}

function* nodeIssues(view: View, wired: Wired, troubleOf: typeof cronTrouble): Generator<Issue> {
  const { node } = wired;
  const own = view.paramsOf(wired)['timezone'] ?? view.document.settings?.timezone;
  const zone = typeof own === 'string' && isZone(own) ? own : 'UTC';
  yield* findIn(view, view.placesOf(wired), (place) => placeIssues(wired, place, (rule) => troubleOf(rule, zone)));
  yield* durationIssue({ node: node.key }, 'Timeout', node.settings?.timeout, 1);
  yield* durationIssue({ node: node.key }, 'Wait between tries', node.settings?.retry?.wait);
}

function placeIssues(
  { node, card }: Wired,
  { ui, value, path, isTimeout }: ParamPlace,
  troubleOf: (rule: string) => Trouble | undefined,
): Issue[] {
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  // Where text is used as it is written, an expression is no time either.
  if (String(value).includes('{{') && !isLiteral(card.params, path[0])) return [];
  const where = { node: node.key, param: pathText(path) };
  if (ui === 'timezone' && typeof value === 'string')
    return value === '' || isZone(value) ? [] : [noZone(where, value)];
  if (ui === 'cron' && typeof value === 'string') {
    const trouble = troubleOf(value);
    return trouble ? [found('cron-unusable', where, `Cron ${quote(value)}: ${trouble.message}`, trouble.mend)] : [];
  }
  if (ui !== 'duration') return [];
  const least = isTimeout ? 1 : card.role === 'start' ? 1_000 : 0;
  return durationIssue(where, titleText(card.params, path), value, least);
}

const noZone = (where: Issue['where'], zone: string): Issue =>
  found('unknown-timezone', where, `There is no time zone ${quote(zone)}.`, 'Enter one such as Europe/Berlin or UTC.');

/** The shortest that can be meant: of an interval a second, of a time-out anything but nothing. */
type Least = 0 | 1 | 1_000;

function durationIssue(where: Issue['where'], name: string, value: unknown, least: Least = 0): Issue[] {
  const millis = typeof value === 'number' || typeof value === 'string' ? parseDuration(value) : undefined;
  // A number below 0 is a misfit of its schema, and a text that is empty is not entered yet.
  if (value === undefined || value === '') return [];
  if (millis === undefined)
    return [
      found(
        'duration-unusable',
        where,
        `${name} is ${quote(String(value))}, which is no time.`,
        'Enter one such as 30s, 5m, 2h or 1d.',
      ),
    ];
  if (millis > longestDuration)
    return [
      found('duration-absurd', where, `${name} is more than 100 years: ${value}.`, 'Enter a shorter time, such as 1d.'),
    ];
  if (millis >= least) return [];
  if (least === 1) return [found('duration-absurd', where, `${name} is ${value}, which leaves no time.`, noTimeMend)];
  return [found('duration-absurd', where, `${name} is less than a second: ${value}.`, 'Enter 1s or more.')];
}

const noTimeMend = 'Enter a longer time such as 30s, or leave it empty.';

function settingIssues({ settings = {} }: Workflow): Issue[] {
  const { timeout, replyWithin, throttle, debounce, batch } = settings;
  return [
    ...durationIssue({ setting: 'timeout' }, 'The timeout of the workflow', timeout, 1),
    ...durationIssue({ setting: 'replyWithin' }, 'The time to reply', replyWithin, 1),
    ...durationIssue({ setting: 'throttle.per' }, 'The setting throttle.per', throttle?.per, 1),
    ...durationIssue({ setting: 'debounce.wait' }, 'The setting debounce.wait', debounce?.wait),
    ...durationIssue({ setting: 'debounce.atMost' }, 'The setting debounce.atMost', debounce?.atMost),
    ...durationIssue({ setting: 'batch.within' }, 'The setting batch.within', batch?.within),
    ...(batch && batch.size > batchMost ? [batchLarge(batch.size)] : []),
  ];
}

const batchLarge = (size: number): Issue =>
  found(
    'batch-large',
    { setting: 'batch.size' },
    `A batch of ${size} is more than a run gathers: it starts with ${batchMost}.`,
    `Set batch.size to ${batchMost} at most.`,
  );
