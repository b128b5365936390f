/** Names of encodings have up to 20 letters or so; of a longer one this much is looked at and shown. */
export const longestName = 40;

/** The parts of a content type: `text/csv; charset="ISO-8859-1"`. */
export interface ContentType {
  /** In lower case, without parameters; empty when nothing was said. */
  readonly type: string;
  readonly charset: string | undefined;
}

/** Takes a Content-Type header apart (RFC 9110 8.3). */
export function contentTypeOf(header: string | undefined): ContentType {
  const [type = '', ...parameters] = (header ?? '').split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;]+))/i.exec(parameter))
    .flatMap((found) => found?.[1] ?? found?.[2] ?? found?.[3] ?? [])
    .find((name) => name.trim() !== '');
  return { type: type.trim().toLowerCase(), charset: charset?.trim().slice(0, longestName) };
}

/** What a content type says of bytes: text, something else (a picture, an archive), or nothing that can be relied upon. */
export function kindOfType({ type, charset }: ContentType): 'text' | 'binary' | 'unknown' {
  if (type.startsWith('text/') || textTypes.has(type) || /\+(xml|json|yaml)$/.test(type)) return 'text';
  if (charset !== undefined) return 'text';
  return type === '' || type === 'application/octet-stream' ? 'unknown' : 'binary';
}

const textTypes: ReadonlySet<string> = new Set(
  [
    'json',
    'xml',
    'javascript',
    'ecmascript',
    'x-javascript',
    'x-www-form-urlencoded',
    'ld-json',
    'json5',
    'x-ndjson',
    'ndjson',
    'jsonl',
    'jsonlines',
    'json-seq',
    'graphql',
    'yaml',
    'x-yaml',
    'toml',
    'sql',
    'csv',
    'x-sh',
    'rtf-text',
    'edifact',
    'edi-x12',
    'edi-consent',
    'hl7-v2',
    'sparql-query',
    'xml-dtd',
    'typescript',
  ].map((name) => `application/${name}`),
);
