import { contentTypeOf, kindOfType } from '../text/content-type.ts';
import type { Headers } from './exchange.ts';
import { HttpFault } from './http-fault.ts';

/** What is made of an answer: a file whatever it is, or a file when it is no text. Otherwise it is read, as text or JSON. */
export type Becomes = 'file' | 'file-unless-text';

/** Bytes of an answer that is read, and of one that becomes a file. */
export interface AnswerSizes {
  readonly maxBytes: number;
  readonly fileBytes: number;
}

const kindOf = (headers: Headers) => kindOfType(contentTypeOf(String(headers['content-type'] ?? '')));

/** The most that an answer with such headers may have. */
export function mostOf(headers: Headers, becomes: Becomes | undefined, { maxBytes, fileBytes }: AnswerSizes): number {
  if (becomes === undefined) return maxBytes;
  return becomes === 'file' || kindOf(headers) !== 'text' ? Math.max(maxBytes, fileBytes) : maxBytes;
}

/** What nothing said to be text, is after all, and is longer than text may be: no file becomes of it. */
export function refuseLongText(
  { headers, body }: { headers: Headers; body: Uint8Array },
  becomes: Becomes | undefined,
  { maxBytes }: AnswerSizes,
  host: string,
): void {
  if (body.length <= maxBytes || becomes !== 'file-unless-text' || kindOf(headers) === 'binary') return;
  const head = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 8_192)).toString('latin1');
  // oxlint-disable-next-line no-control-regex -- what only binary formats have
  if (/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(head)) return;
  throw new HttpFault(
    'http.too-large',
    `${host} answers with more than the ${maxBytes} bytes of text that are accepted.`,
  );
}

/** The bytes that large answers may have in memory together while they are read; who finds no room waits, on his own clock. */
export class LargeAnswers {
  private left: number;
  private readonly most: number;
  private readonly waiting: { readonly bytes: number; readonly begin: () => void }[] = [];

  constructor(most: number) {
    this.most = most;
    this.left = most;
  }

  /** Resolves when there is room; call what it gives when the bytes are gone. */
  async enter(wanted: number): Promise<() => void> {
    const bytes = Math.min(wanted, this.most);
    if (this.waiting.length > 0 || bytes > this.left)
      await new Promise<void>((begin) => this.waiting.push({ bytes, begin }));
    else this.left -= bytes;
    let isHeld = true;
    return () => {
      if (isHeld) this.left += bytes;
      isHeld = false;
      this.letIn();
    };
  }

  private letIn(): void {
    for (let next = this.waiting[0]; next && next.bytes <= this.left; next = this.waiting[0]) {
      this.waiting.shift();
      this.left -= next.bytes;
      next.begin();
    }
  }
}
