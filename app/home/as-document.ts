import { brokenWords } from '../../flow/values/broken-json.ts';

/** What a text holds that is to be imported; throws where it stops being JSON, in a sentence. */
export function asDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`It is not JSON. ${brokenWords(text)} Take what Heddle exported or copied.`);
  }
}
