import { Link } from 'wouter';
import { Empty } from '../ui/rest-states.tsx';

/** An address that leads nowhere. */
export const NotThere = () => (
  <main className="main" id="main">
    <div className="main-head">
      <h1>Nothing here</h1>
    </div>
    <Empty
      title="No screen has this address"
      action={
        <Link className="btn" href="/">
          Go home
        </Link>
      }
    >
      It may have been moved or removed.
    </Empty>
  </main>
);
