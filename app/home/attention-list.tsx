import { Link } from 'wouter';
import { Mark } from '../ui/mark.tsx';
import type { Need } from './attention.ts';
import './attention-list.css';

const most = 5;

/** What needs a person, the gravest first. */
export function AttentionList({ needs }: { needs: readonly Need[] }) {
  return (
    <ul className="box">
      {needs.slice(0, most).map((need) => (
        <li key={need.to + need.title} className="need">
          <Mark state={need.kind} />
          <span className="grow cut" title={`${need.title} ${need.says}`}>
            <b>{need.title}</b> <span>{need.says}</span>
          </span>
          <Link className="btn sm" href={need.to} aria-label={`${need.verb}: ${need.title}, ${need.says}`}>
            {need.verb}
          </Link>
        </li>
      ))}
    </ul>
  );
}
