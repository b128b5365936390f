import './coming.css';

/** What stands where a screen is on its way: nothing at first, a word when it takes long. */
export const Coming = () => (
  <p className="coming t2" role="status">
    Loading…
  </p>
);
