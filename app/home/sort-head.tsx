import { ArrowDown, ArrowUp } from 'lucide-react';
import type { Sort, SortName } from './sorting.ts';
import './sort-head.css';

interface SortHeadProps {
  readonly name: SortName;
  readonly title: string;
  readonly className?: string;
  readonly sort: Sort;
  readonly choose: (sort: Sort) => void;
}

/** The head of a column that sorts by it; pressed again, the other way round. */
export function SortHead({ name, title, className, sort, choose }: SortHeadProps) {
  const isOn = sort.by === name;
  const Arrow = sort.isDown ? ArrowDown : ArrowUp;
  return (
    <th className={className} aria-sort={isOn ? (sort.isDown ? 'descending' : 'ascending') : undefined}>
      <button
        type="button"
        className="sort-head"
        onClick={() => choose({ by: name, isDown: isOn ? !sort.isDown : name === 'last' || name === 'changed' })}
      >
        {title}
        {isOn && <Arrow className="i i-12" aria-hidden />}
      </button>
    </th>
  );
}
