import { Button } from '../ui/button.tsx';
import { clipboard } from '../ui/clipboard.ts';
import { toast } from '../ui/toast.ts';
import { pathText } from './json-lines.ts';
import type { JsonPath } from './json-lines.ts';
import './copying.css';

/** Puts text on the clipboard and says so, or says why not. */
export function copy(text: string, what: string): void {
  clipboard.writeText(text).then(
    () => toast({ title: `${what} copied` }),
    () =>
      toast({
        title: 'It was not copied.',
        text: 'The browser does not let this page use the clipboard.',
        state: 'failed',
      }),
  );
}

/** What an expression says to reach the item: `$json` where the item comes in, `$('key').item` from anywhere after it left a node. */
export type ExpressionBase = string | undefined;

/** A value as it is pasted elsewhere: text bare, all else as JSON. */
const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? ''));

interface CopyBarProps {
  readonly value: unknown;
  readonly path: JsonPath;
  readonly base: ExpressionBase;
}

/** Where a value stands, and the three things that one may want of it. */
export function CopyBar({ value, path, base }: CopyBarProps) {
  const where = pathText(path);
  return (
    <div className="copy-bar" role="group" aria-label="Copy">
      <span className="mono-s t2 cut grow" title={where}>
        {where === '' ? 'the item' : where.replace(/^\./, '')}
      </span>
      <span className="small t3">Copy</span>
      <Button size="sm" tone="quiet" onClick={() => copy(asText(value), 'The value is')}>
        Value
      </Button>
      {where !== '' && (
        <Button size="sm" tone="quiet" onClick={() => copy(where.replace(/^\./, ''), 'The path is')}>
          Path
        </Button>
      )}
      {base !== undefined && (
        <Button size="sm" tone="quiet" onClick={() => copy(`{{ ${base}${where} }}`, 'The expression is')}>
          Expression
        </Button>
      )}
    </div>
  );
}
