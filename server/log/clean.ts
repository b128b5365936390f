/** What stands where a secret was. */
export const hidden = '[redacted]';

/** What stands where the data of a run was: it belongs to the journal, under its tenant's rights and its redaction. */
export const leftOut = '[left out]';

const caps = { depth: 6, values: 500, listed: 50, text: 8192, stack: 4096 };

/** Names of secrets, compared without case, - and _; a number under such a name is a count (`tokens`) and stays. */
const secretName =
  /authorization|cookie|password|passwd|passphrase|secret|token|apikey|credential|privatekey|masterkey|sessionid|databaseurl|connectionstring|signature/;

/** Names under which people's data goes; numbers stay, as in `items: 12`. */
const dataName =
  /^(payload|body|rawbody|input|inputs|output|outputs|item|items|params|parameters|pins|query|detail|where|hint|formdata)$/;

/** The fields of one log line, fit to be written: secrets and payloads out, errors told apart, everything bounded. Never throws. */
export function cleanFields(fields: object): Record<string, unknown> {
  return fieldsOf(fields, 0, { left: caps.values });
}

/** A text without the secrets that URLs and headers carry, cut at 8 kB. */
export function cleanText(text: unknown): string {
  const whole = String(text);
  const short = whole.length > caps.text ? `${whole.slice(0, caps.text)}… (${whole.length} characters)` : whole;
  return short
    .replace(/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@"']+@/gi, `$1${hidden}@`)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${hidden}`)
    .replace(/([?&;][\w.-]{0,40}(?:token|key|secret|password|signature|code)=)[^&\s"'#]+/gi, `$1${hidden}`);
}

/** Stops graphs that are wide, deep or round alike. */
interface Budget {
  left: number;
}

function fieldsOf(fields: object, depth: number, budget: Budget): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const key of Object.keys(fields).slice(0, caps.listed)) {
    if (budget.left-- <= 0) break;
    entries.push([key, field(key, () => Reflect.get(fields, key), depth, budget)]);
  }
  return Object.fromEntries(entries);
}

function field(key: string, read: () => unknown, depth: number, budget: Budget): unknown {
  const name = key.toLowerCase().replaceAll(/[-_]/g, '');
  const value = attempt(read);
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') return value;
  if (secretName.test(name)) return hidden;
  if (dataName.test(name)) return leftOut;
  if (name === 'job' && typeof value === 'object') return jobOf(value);
  return cleanValue(value, depth + 1, budget);
}

function cleanValue(value: unknown, depth: number, budget: Budget): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null)
    return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
  if (depth > caps.depth) return '[deep]';
  if (value instanceof Error) return errorOf(value, depth, budget);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof URL) return cleanText(value.href);
  if (value instanceof Map || value instanceof Set) return `[${value.size} entries]`;
  if (Array.isArray(value)) return listOf(value, depth, budget);
  return fieldsOf(value, depth, budget);
}

function listOf(list: readonly unknown[], depth: number, budget: Budget): unknown[] {
  const shown: unknown[] = [];
  for (const value of list.slice(0, caps.listed)) {
    if (budget.left-- <= 0) break;
    shown.push(cleanValue(value, depth + 1, budget));
  }
  return shown.length < list.length ? [...shown, `… ${list.length - shown.length} more`] : shown;
}

/** Only what is known to be harmless: Postgres puts rows in `detail`, others the whole request or job. */
function errorOf(error: Error, depth: number, budget: Budget): Record<string, unknown> {
  if (budget.left-- <= 0) return { type: error.name };
  const code = attempt(() => Reflect.get(error, 'code'));
  const errors = error instanceof AggregateError ? { errors: listOf(error.errors.slice(0, 5), depth, budget) } : {};
  return {
    type: cleanText(attempt(() => error.name)),
    message: cleanText(attempt(() => error.message)),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: cleanText(String(attempt(() => error.stack) ?? '').slice(0, caps.stack)),
    ...(error.cause === undefined ? {} : { cause: cleanValue(error.cause, depth + 1, budget) }),
    ...errors,
  };
}

/** A queue's job by what finds it again; graphile logs it whole, payload and all. */
function jobOf(job: object): Record<string, unknown> {
  const kept = ['id', 'task_identifier', 'attempts', 'max_attempts', 'run_at', 'queue_name'];
  return Object.fromEntries(
    kept.filter((key) => key in job).map((key) => [key, cleanValue(Reflect.get(job, key), 0, { left: 1 })]),
  );
}

/** A getter may throw; the log line must not be lost with it. */
function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return '[unreadable]';
  }
}
