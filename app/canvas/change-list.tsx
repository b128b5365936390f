import './change-list.css';

const most = 100;

/** Differences in words, a line each. */
export function ChangeList({ changes }: { changes: readonly string[] }) {
  if (changes.length === 0) return <p className="t2">Nothing that runs or is read differs from what is live.</p>;
  return (
    <>
      <ul className="col gap-4 change-list" tabIndex={0} aria-label="What changes">
        {changes.slice(0, most).map((line, index) => (
          <li key={index} className="small">
            {line}
          </li>
        ))}
      </ul>
      {changes.length > most && <p className="t3 small">And {changes.length - most} more.</p>}
    </>
  );
}
