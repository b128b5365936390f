import { contentTypeOf, kindOfType } from '../text/content-type.ts';
import type { AnswerLimit, Headers, ReplyHead } from './exchange.ts';

/** When an answer becomes a file: whatever it is, or when it is no text. Otherwise it is read, as text or JSON. */
export type Becomes = 'file' | 'file-unless-text';

/** An answer that becomes a file: it is read as it comes, and never whole in memory. */
export interface AnswerFile {
  readonly becomes: Becomes;
  /** Whether that of an error status does, too; otherwise it is read, for it says what went wrong. */
  readonly anyStatus: boolean;
  /** Takes its bytes, decoded; what it throws ends the request. */
  readonly into: (body: AsyncIterable<Uint8Array>) => Promise<void>;
}

/** Bytes of an answer that is read, and of one that becomes a file. */
export interface AnswerSizes {
  readonly maxBytes: number;
  readonly fileBytes: number;
}

/** What the type of an answer says of it. */
export const kindOf = (headers: Headers) => kindOfType(contentTypeOf(String(headers['content-type'] ?? '')));

/** Whether an answer with such a head becomes a file, or may turn out to. */
export function mayBecomeFile({ status, headers }: ReplyHead, file: AnswerFile | undefined): boolean {
  if (!file || (status >= 400 && !file.anyStatus)) return false;
  return file.becomes === 'file' || kindOf(headers) !== 'text';
}

/** The most that an answer may have which becomes a file. */
export const limitOfFile = ({ maxBytes, fileBytes }: AnswerSizes): AnswerLimit => ({
  bytes: Math.max(maxBytes, fileBytes),
  mend: 'Ask for less at a time, or have HEDDLE_DOWNLOAD_SIZE set to more MB.',
});

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
