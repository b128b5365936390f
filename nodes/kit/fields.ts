import * as z from 'zod';
import { longestDuration, parseDuration } from '../../flow/document/duration.ts';
import { where as conditions } from '../../flow/values/condition.ts';
import { option } from './unfolding.ts';
import type { Show } from './unfolding.ts';

/**
 * The fields that params are made of. Each is a zod schema whose meta tells the form: `ui` says which control, `title` and
 * `description` what a person reads. A param that may be left out ends in `.optional()` or `.default(…)`.
 */
interface Label {
  readonly title: string;
  readonly description?: string;
  readonly placeholder?: string;
  /** What it is called inside a sentence, with its article, where its title does not fit: `an interval`. */
  readonly noun?: string;
}

const described = <Schema extends z.ZodType>(schema: Schema, ui: string, label: Label): Schema =>
  schema.meta({ ...label, ui });

/** One line of text, not empty. */
export const text = (label: Label) => described(z.string().min(1), 'text', label);

/** Text that may be empty, of many lines. */
export const longText = (label: Label) => described(z.string(), 'long-text', label);

/** A number between bounds. */
export const number = (label: Label & { min?: number; max?: number }) =>
  described(bounded(z.number(), label), 'number', titled(label));

/** A whole number between bounds. */
export const whole = (label: Label & { min?: number; max?: number }) =>
  described(bounded(z.int(), label), 'number', titled(label));

const titled = ({ title, description, placeholder, noun }: Label): Label => ({
  title,
  ...(description === undefined ? {} : { description }),
  ...(placeholder === undefined ? {} : { placeholder }),
  ...(noun === undefined ? {} : { noun }),
});

const bounded = <Schema extends z.ZodNumber>(schema: Schema, { min, max }: { min?: number; max?: number }): Schema => {
  const above = min === undefined ? schema : schema.min(min);
  return max === undefined ? above : above.max(max);
};

/** One of a few words; `labels` says them to a person. */
export const choice = <const Word extends string>(
  words: readonly [Word, ...Word[]],
  label: Label & { labels?: Readonly<Partial<Record<Word, string>>> },
) => described(z.enum(words), 'choice', label);

/** Yes or no. */
export const toggle = (label: Label) => described(z.boolean(), 'toggle', label);

/** A list of entries of one kind. `entryTitle` names one of them; without it, the title without its s does. */
export const list = <Entry extends z.ZodType>(
  entry: Entry,
  label: Label & { addLabel?: string; entryTitle?: string },
) => described(z.array(entry), 'list', label);

/** Names with values: `{ "Accept": "text/html" }`. Values may be of any kind; the node prints them. */
export const keyValues = (label: Label) =>
  described(
    z.record(z.string(), z.unknown()).refine(hasFewNames, { error: `Enter ${mostNames} names at most.` }),
    'key-values',
    label,
  );

/** Each costs something to who sends it and to who takes it. */
const mostNames = 10_000;

function hasFewNames(values: Readonly<Record<string, unknown>>): boolean {
  let left = mostNames;
  for (const _name in values) if (left-- === 0) return false;
  return true;
}

/** Any JSON; an expression gives it whole. */
export const json = (label: Label) => described(z.unknown(), 'json', label);

/** A field of any value whose text is read as JSON while fields beside it have these values: `{ with: 'json' }`. */
export const jsonWhile = <Schema extends z.ZodType>(beside: Show, schema: Schema): Schema =>
  schema.meta({ ...schema.meta(), jsonWhile: beside });

/** Source text in a language, kept as it is written (list it in the node's `literal`). */
export const code = (label: Label & { language: 'javascript' | 'json' | 'html' | 'markdown' }) =>
  described(z.string(), 'code', label);

/** The place of a value inside an item: `customer.address.city`, `lines[0].sku`. */
export const path = (label: Label) => described(z.string().min(1), 'path', label);

/** A duration such as `30s`, `5m`, `2h`, `1d` or `PT1H30M`; a number counts as seconds. */
export const duration = (label: Label) =>
  described(
    z
      .union([z.string().min(1), z.number().min(0)])
      .refine((value) => parseDuration(value) !== undefined, {
        error: 'Enter a duration such as 30s, 5m, 2h or 1d.',
      })
      .refine((value) => (parseDuration(value) ?? 0) <= longestDuration, {
        error: 'Enter a duration of 100 years at most, such as 1d.',
      }),
    'duration',
    label,
  );

/** A duration after which work is cut off: 0 leaves none, which a check says. */
export const timeLimit = (label: Label) => duration(label).meta({ ...label, ui: 'duration', isTimeout: true });

/** Five or six fields of cron; the host works out the times. */
export const cron = (label: Label) =>
  described(
    z
      .string()
      .min(1)
      .refine((words) => /^(@(yearly|annually|monthly|weekly|daily|hourly)|\S+(\s+\S+){4,6})$/i.test(words.trim()), {
        error: 'Enter five fields: minute, hour, day of month, month, weekday.',
      }),
    'cron',
    label,
  );

/** An IANA time zone, such as `Europe/Berlin`. */
export const timezone = (label: Label) => described(z.string().min(1), 'timezone', label);

/** A stored credential, by name; it is lent to the power and never seen by the node. */
export const credential = (label: Label) => described(z.string().min(1), 'credential', label);

/** A published workflow, by id. */
export const workflowId = (label: Label) => described(z.string().min(1), 'workflow', label);

const unlike =
  'A missing value is never greater, equal or contained: only “is not”, “does not …”, “is empty” and “does not exist” match it. A value of another type, such as text where a number is expected, fails the run.';

/** The conditions of a rule. Each says what becomes of values that are missing, or of another type. */
export const where = ({ description, ...label }: Label) =>
  described(conditions, 'conditions', {
    ...label,
    description: description === undefined ? unlike : `${description} ${unlike}`,
  });

/** How conditions compare: the two switches that go beside every `where`. */
export const comparing = {
  loose: option(
    toggle({
      title: 'Convert types',
      description: 'Compares "5" with 5 and "true" with true. Off: a value of another type fails the run.',
    }),
  ).default(false),
  ignoreCase: option(toggle({ title: 'Ignore case', description: 'Treats Anna and ANNA as the same.' })).default(false),
};
