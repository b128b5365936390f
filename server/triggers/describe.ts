import * as z from 'zod';
import { pathText } from '../../flow/check/params/places.ts';
import { titleText } from '../../flow/check/params/titles.ts';
import type { Plan, PlanNode } from '../../flow/compile/plan.ts';
import { nextOfAll } from '../../flow/values/next-fires.ts';
import { cardOf } from '../../nodes/kit/card.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';
import { formField } from '../../nodes/start/form-fields.ts';
import { scheduleRule } from '../../nodes/start/schedule-rule.ts';
import { Refusal } from '../http/refusal.ts';
import { patternOf } from './patterns.ts';

/** What starts a workflow, as it is stored when its version is published. */
export interface TriggerDraft {
  readonly key: string;
  readonly type: string;
  readonly kind: string;
  readonly path: string | null;
  readonly shape: string | null;
  readonly methods: readonly string[] | null;
  readonly params: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly nextFire: number | null;
}

/** A webhook's params, as they were published: parsed by the node's own schema then. */
export const HookParams = z.object({
  path: z.string(),
  methods: z.array(z.string()),
  auth: z.looseObject({ kind: z.enum(['none', 'basic', 'header', 'hmac', 'jwt']) }),
  body: z.enum(['parsed', 'raw']),
  reply: z.enum(['now', 'last', 'respond', 'stream']),
  response: z
    .object({ status: z.number(), headers: z.record(z.string(), z.unknown()).optional(), body: z.unknown().optional() })
    .optional(),
  dedupeKey: z.string().optional(),
  allowedOrigins: z.array(z.string()),
});
export type HookParams = z.infer<typeof HookParams>;

/** A form's params. */
export const FormParams = z.object({
  path: z.string(),
  title: z.string(),
  description: z.string(),
  fields: z.array(formField),
  button: z.string(),
  reply: z.enum(['now', 'last', 'respond']),
  thanks: z.string(),
});
export type FormParams = z.infer<typeof FormParams>;

/** What a schedule does when its run before is not over. */
export const overlap = z.enum(['allow', 'skip', 'queue']);

/** A schedule's params; `zone` is the workflow's when the node names none. */
export const ScheduleParams = z.object({
  rules: z.array(scheduleRule),
  timezone: z.string().optional(),
  missed: z.enum(['skip', 'once', 'all']),
  overlap,
  zone: z.string(),
});
export type ScheduleParams = z.infer<typeof ScheduleParams>;

/** Which workflows' failures a `start.failed` hears of. */
export const FailedParams = z.object({ watch: z.enum(['named', 'listed', 'all']), workflows: z.array(z.string()) });

/** What a start of a plan is carried out by; undefined when that is not at hand. */
export type DefinitionOf = (start: PlanNode) => AnyNode | undefined;

/** The triggers of a plan: one for each start that is not switched off. `now` is when the plan is published. */
export function triggersOf(plan: Plan, definitionOf: DefinitionOf, now: number): TriggerDraft[] {
  return plan.starts.flatMap((key): TriggerDraft[] => {
    const node = plan.nodes[key];
    if (!node || node.disabled) return [];
    const definition = definitionOf(node);
    const kind = node.type.replace(/^start\./, '');
    // What has expressions where none belong, or does not fit, was an Issue of the check; the schema has the last word.
    const read = definition?.params.safeParse(node.params);
    if (read?.success === false) throw unfit(node, definition, read.error);
    const params = read?.data ?? node.params;
    const bare = { key, type: node.type, kind, path: null, shape: null, methods: null, params, nextFire: null };
    if (kind === 'schedule') {
      const zoned = { ...params, zone: params['timezone'] ?? plan.settings.timezone };
      const { rules, zone } = ScheduleParams.parse(zoned);
      return [{ ...bare, params: zoned, nextFire: nextOfAll(rules, zone, now)[0] ?? null }];
    }
    if (kind !== 'webhook' && kind !== 'form') return [bare];
    const { path } = z.object({ path: z.string() }).parse(params);
    const methods = kind === 'form' ? ['GET', 'POST'] : HookParams.parse(params).methods;
    return [{ ...bare, path, shape: patternOf(path).shape, methods: [...new Set(methods)] }];
  });
}

/** A start whose params the node itself refuses, as an Issue at its field in the words of its form. */
function unfit({ key }: PlanNode, definition: AnyNode | undefined, { issues: [first] }: z.ZodError): Refusal {
  const path = (first?.path ?? []).map((step) => (typeof step === 'number' ? step : String(step)));
  const name = definition ? titleText(cardOf(definition).params, path) : pathText(path);
  const message = `${key}: ${name} is not usable.`;
  const mend = first?.message ?? 'Check its fields.';
  const issue = { level: 'error', code: 'param-invalid', where: { node: key, param: pathText(path) }, message, mend };
  return new Refusal(422, 'issues', message, { mend, details: { issues: [issue] } });
}
