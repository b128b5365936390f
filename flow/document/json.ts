/** Any JSON value: what an item is, and what crosses every boundary of Heddle. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object with own keys only. */
export type JsonObject = { readonly [key: string]: Json };

/** Tells whether a value is a plain JSON object, not a list and not null. */
export const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a text says as JSON; undefined, which no JSON is, when it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Tells whether a text is JSON. */
export const isJsonText = (text: string): boolean => parsedJson(text) !== undefined;
