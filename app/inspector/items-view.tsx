import { Copy, Download, Ellipsis, Search, X } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { SearchInput } from '../ui/field.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { Segment } from '../ui/segment.tsx';
import { saveFile } from '../ui/save-file.ts';
import { counted, count } from '../ui/when.ts';
import { copy, CopyBar } from './copying.tsx';
import type { ExpressionBase } from './copying.tsx';
import { findItems, searchTexts } from './find-items.ts';
import { ItemTable } from './item-table.tsx';
import type { JsonLine } from './json-lines.ts';
import { linesOf } from './json-lines.ts';
import { JsonTree } from './json-tree.tsx';
import { RawView } from './raw-view.tsx';
import './items-view.css';

type Look = 'table' | 'json' | 'raw';
const looks = [
  { value: 'table', title: 'Table' },
  { value: 'json', title: 'JSON' },
  { value: 'raw', title: 'Raw' },
] as const;

interface ItemsViewProps {
  readonly items: readonly unknown[];
  readonly empty: string;
  readonly base?: ExpressionBase;
  /** The item to begin with, when one was asked for. */
  readonly wanted?: number | undefined;
  /** Where an item came from, said and reachable; undefined where that is not known. */
  readonly origin?: ((item: number) => { readonly says: string; readonly go?: () => void } | undefined) | undefined;
}

/** Items as a table, as a tree or as they are: searched, and each value copied as value, path or expression. */
export function ItemsView({ items, empty, base, wanted, origin }: ItemsViewProps) {
  const [look, setLook] = useState<Look>('table');
  const [words, setWords] = useState('');
  const [line, setLine] = useState<JsonLine | undefined>(() =>
    wanted === undefined ? undefined : lineAt(items, wanted),
  );
  const [isOpen, setOpen] = useState(wanted !== undefined);
  const late = useDeferredValue(words);
  const texts = useMemo(() => (late === '' ? undefined : searchTexts(items)), [items, late === '']);
  const indexes = useMemo(() => (texts ? findItems(texts, late) : [...items.keys()]), [items, texts, late]);
  if (items.length === 0) return <p className="empty">{empty}</p>;
  const close = () => setOpen(false);
  return (
    <div className="items-room">
      <Tools items={items} found={indexes.length} words={words} setWords={setWords} look={look} setLook={setLook} />
      {indexes.length === 0 && <p className="empty">No item has these words.</p>}
      {indexes.length > 0 && look === 'table' && (
        <div className={isOpen && line ? 'items-split is-open' : 'items-split'}>
          <ItemTable
            items={items}
            indexes={indexes}
            label="Items"
            current={isOpen ? line?.item : undefined}
            choose={(item, column) => {
              setLine(lineAt(items, item, column));
              setOpen(true);
            }}
          />
          {isOpen && line && (
            <OneItem items={items} line={line} choose={setLine} base={base} origin={origin} close={close} />
          )}
        </div>
      )}
      {indexes.length > 0 && look === 'json' && (
        <>
          <JsonTree
            items={items}
            indexes={indexes}
            label="Items as JSON"
            depth={items.length > 20 ? 0 : 1}
            current={line}
            choose={setLine}
          />
          {line && <CopyBar value={line.value} path={line.path} base={base} />}
        </>
      )}
      {indexes.length > 0 && look === 'raw' && <Raw items={items} indexes={indexes} />}
    </div>
  );
}

function Raw({ items, indexes }: { items: readonly unknown[]; indexes: readonly number[] }) {
  const text = useMemo(() => rawText(indexes.map((index) => items[index])), [items, indexes]);
  return <RawView text={text} label="Items as they are" />;
}

const rawText = (items: readonly unknown[]) => JSON.stringify(items, null, 2);

/** The line of an item, or of one of its fields. */
const lineAt = (items: readonly unknown[], item: number, column?: string): JsonLine | undefined => {
  const lines = linesOf(items, [item], { told: new Map(), depth: 1 });
  return lines.find(({ path }) => path.length === 1 && path[0] === column) ?? lines[0];
};

interface OneItemProps extends Pick<ItemsViewProps, 'items' | 'base' | 'origin'> {
  readonly line: JsonLine;
  readonly choose: (line: JsonLine) => void;
  readonly close: () => void;
}

/** The chosen item whole, where it came from, and its values to be copied. */
function OneItem({ items, line, choose, base, origin, close }: OneItemProps) {
  const indexes = useMemo(() => [line.item], [line.item]);
  const from = origin?.(line.item);
  return (
    <section className="one-item" aria-label={`Item ${line.item + 1}`}>
      <div className="one-item-head">
        <b className="num">Item {count(line.item + 1)}</b>
        {from && !from.go && <span className="small t3">{from.says}</span>}
        {from?.go && (
          <Button size="sm" tone="quiet" onClick={from.go}>
            {from.says}
          </Button>
        )}
        <span className="grow" />
        <IconButton label="Close the item" size="sm" onClick={close}>
          <X className="i i-14" aria-hidden />
        </IconButton>
      </div>
      <JsonTree
        items={items}
        indexes={indexes}
        label={`Item ${line.item + 1} as JSON`}
        depth={2}
        current={line}
        choose={choose}
      />
      <CopyBar value={line.value} path={line.path} base={base} />
    </section>
  );
}

interface ToolsProps {
  readonly items: readonly unknown[];
  readonly found: number;
  readonly words: string;
  readonly setWords: (words: string) => void;
  readonly look: Look;
  readonly setLook: (look: Look) => void;
}

function Tools({ items, found, words, setWords, look, setLook }: ToolsProps) {
  return (
    <div className="items-tools">
      <span className="small t3 num" role="status">
        {words === '' ? counted(items.length, 'item') : `${count(found)} of ${count(items.length)}`}
      </span>
      <span className="grow" />
      <SearchInput
        className="sm items-find"
        icon={<Search className="i i-12 t3" aria-hidden />}
        placeholder="Find"
        aria-label="Find in the items"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <Segment label="How items are shown" value={look} options={looks} onChange={setLook} />
      <Menu
        trigger={
          <Button tone="quiet" size="sm" className="icon" aria-label="More for the items">
            <Ellipsis className="i i-14" aria-hidden />
          </Button>
        }
      >
        <MenuItem
          icon={<Copy className="i" aria-hidden />}
          onSelect={() => copy(rawText(items), counted(items.length, 'item'))}
        >
          Copy all as JSON
        </MenuItem>
        <MenuItem icon={<Download className="i" aria-hidden />} onSelect={() => saveFile('items.json', rawText(items))}>
          Download as JSON
        </MenuItem>
      </Menu>
    </div>
  );
}
