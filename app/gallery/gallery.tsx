import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useParams, useLocation, useSearchParams } from 'wouter';
import { galleryQuery } from '../api/gallery.ts';
import { indexQuery } from '../api/nodes.ts';
import type { Example } from '../api/gallery.ts';
import type { NodeEntry } from '../../flow/contract/node.ts';
import { SearchInput } from '../ui/field.tsx';
import { Empty, ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { counted } from '../ui/when.ts';
import { InstallSheet } from './install-sheet.tsx';
import { Thumb } from './thumb.tsx';
import './gallery.css';

const none: ReadonlyMap<string, NodeEntry> = new Map();

/** Finished workflows to begin with: look at one, install it, change it. */
export default function Gallery() {
  const { name } = useParams<{ name?: string }>();
  const [, navigate] = useLocation();
  const [search, setSearch] = useSearchParams();
  const gallery = useQuery(galleryQuery);
  const cards = useQuery(indexQuery).data ?? none;
  const all = gallery.data ?? [];
  const category = search.get('category') ?? '';
  const words = search.get('q') ?? '';
  const shown = all.filter((one) => (category === '' || one.category === category) && hasWords(one, words));
  const open = all.find((one) => one.name === name);
  const narrow = (next: Record<string, string>) =>
    setSearch(Object.fromEntries(Object.entries({ q: words, category, ...next }).filter(([, value]) => value)), {
      replace: true,
    });
  const query = search.size > 0 ? `?${search}` : '';
  return (
    <main className="main" id="main">
      <div className="main-head">
        <h1>Gallery</h1>
        {all.length > 0 && <span className="t3">{all.length} workflows, each one tested</span>}
      </div>
      <Finder
        words={words}
        category={category}
        categories={[...new Set(all.map((one) => one.category))]}
        narrow={narrow}
      />
      <div className="main-scroll" tabIndex={-1}>
        {gallery.isPending && <SkeletonRows rows={6} height={72} />}
        {gallery.error && (
          <ErrorState
            what={gallery.data ? 'This list may be old.' : 'The gallery did not load.'}
            error={gallery.error}
            retry={() => void gallery.refetch()}
          />
        )}
        {gallery.data && shown.length === 0 && (all.length > 0 || !gallery.error) && (
          <Empty title={all.length === 0 ? 'The gallery is empty' : 'No workflow matches'}>
            {all.length === 0 ? 'This installation came without examples.' : 'Try other words, or another category.'}
          </Empty>
        )}
        <ul className={open ? 'gallery with-sheet' : 'gallery'}>
          {shown.map((one) => (
            <li key={one.name}>
              <Tile
                one={one}
                cards={cards}
                isOpen={one === open}
                open={() => navigate(`/gallery/${one.name}${query}`)}
              />
            </li>
          ))}
        </ul>
      </div>
      {open && <InstallSheet key={open.name} example={open} cards={cards} close={() => navigate(`/gallery${query}`)} />}
    </main>
  );
}

interface FinderProps {
  readonly words: string;
  readonly category: string;
  readonly categories: readonly string[];
  readonly narrow: (next: Record<string, string>) => void;
}

function Finder({ words, category, categories, narrow }: FinderProps) {
  return (
    <div className="filters gallery-filters">
      <SearchInput
        className="filter-words"
        icon={<Search className="i i-14 t3" aria-hidden />}
        placeholder="What should it do?"
        aria-label="What should it do?"
        value={words}
        onChange={(event) => narrow({ q: event.target.value })}
      />
      {['', ...categories].map((one) => (
        <button
          key={one}
          type="button"
          className="chip"
          aria-pressed={one === category}
          onClick={() => narrow({ category: one })}
        >
          {one || 'All'}
        </button>
      ))}
    </div>
  );
}

const hasWords = (one: Example, words: string) => {
  const text = `${one.title} ${one.summary} ${one.category} ${one.tags.join(' ')}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

interface TileProps {
  readonly one: Example;
  readonly cards: ReadonlyMap<string, NodeEntry>;
  readonly isOpen: boolean;
  readonly open: () => void;
}

function Tile({ one, cards, isOpen, open }: TileProps) {
  return (
    <button type="button" className={isOpen ? 'tpl is-selected' : 'tpl'} aria-expanded={isOpen} onClick={open}>
      <span className="tpl-pic">
        <Thumb example={one} cards={cards} height={128} />
      </span>
      <span className="tpl-words">
        <span className="row">
          <span className="strong grow cut" title={one.title}>
            {one.title}
          </span>
          <span className="small t3">{counted(one.nodes.length, 'node')}</span>
        </span>
        <span className="tpl-says">{one.summary}</span>
        <span className="works">
          {one.tags.slice(0, 3).map((tag) => (
            <span key={tag} className="chip">
              {tag}
            </span>
          ))}
        </span>
      </span>
    </button>
  );
}
