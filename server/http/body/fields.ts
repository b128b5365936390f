import { jsonParts, rememberJson } from '../../text/known-json.ts';
import { pieceSize } from '../../text/turns.ts';
import { TextBlocks } from '../../text/text-blocks.ts';
import type { Turns } from '../../text/turns.ts';
import { withoutNul } from '../../text/without-nul.ts';
import { ObjectBuilder } from '../../text/wide-object.ts';
import { Refusal } from '../refusal.ts';
import type { JsonWarning } from '../../text/json-scan.ts';

const shownWarnings = 20;

/** Fields by name, gathered one after the other; a name that comes several times gives a list. */
export class Fields {
  readonly warnings: JsonWarning[] = [];
  private readonly within: string;
  private readonly fields = new ObjectBuilder();

  /** `within`: where they will stand, as `/body`. */
  constructor(within: string) {
    this.within = within;
  }

  /** All of them, as they are now. */
  get all(): Record<string, unknown> {
    return this.fields.value;
  }

  /** Adds one. What no database stores is replaced; a name that only handles of files have is refused: 400 `file-handle`. */
  add(name: string, value: unknown): void {
    const field = this.kept(name, name);
    if (field === '$file') throw fileHandle();
    const given = typeof value === 'string' ? this.kept(value, field) : value;
    const known = this.fields.get(field);
    if (Array.isArray(known)) known.push(given);
    else this.fields.set(field, known === undefined ? given : [known, given]);
  }

  /** Says that something of a field was lost before it came here. */
  warn(name: string): void {
    if (this.warnings.length < shownWarnings)
      this.warnings.push({ code: 'character-replaced', at: `${this.within}/${name.slice(0, 100)}` });
  }

  /** Keeps the text of all of them, written in turns, for those who store it. */
  async remember(turns: Turns): Promise<void> {
    const parts = new TextBlocks();
    const isLong = (value: unknown) => typeof value !== 'string' || value.length > pieceSize;
    for (const [at, name] of this.fields.keys.entries()) {
      const value = this.fields.get(name);
      parts.push(at === 0 ? '{' : ',');
      if (isLong(name) || isLong(value)) {
        for (const part of await jsonParts(name, turns)) parts.push(part);
        parts.push(':');
        for (const part of await jsonParts(value, turns)) parts.push(part);
      } else parts.push(JSON.stringify(name), ':', JSON.stringify(value));
      if (at % 500 === 0) await turns.taken();
    }
    parts.push(this.fields.keys.length === 0 ? '{}' : '}');
    rememberJson(this.all, parts.inBlocks());
  }

  private kept(text: string, name: string): string {
    if (!text.includes('\0')) return text;
    this.warn(withoutNul(name));
    return withoutNul(text);
  }
}

/** Handles of files are only made from files that were sent (SAFETY W3). */
export const fileHandle = (): Refusal =>
  new Refusal(400, 'file-handle', 'A file cannot be named in JSON or in a field.', {
    mend: 'Send the file itself, as multipart/form-data.',
  });
