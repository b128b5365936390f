import { reload } from '../host/place.ts';
import { Component } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';

/** Keeps an error of one screen from taking the page with it. Nothing typed is lost: drafts lie on the server and in this browser. */
export class Fence extends Component<{ readonly children: ReactNode }, { readonly error: Error | undefined }> {
  override state: { readonly error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    // After a new version was installed, parts that this page would load are gone.
    const isOld = /dynamically imported module|module script/i.test(error.message);
    return (
      <main className="door">
        <div className="door-card col gap-12">
          <h1 className="title">{isOld ? 'Heddle was updated' : 'This page broke'}</h1>
          <p className="t2">
            {isOld ? 'Load the page again to work with the new version.' : `${error.message}. What you did is kept.`}
          </p>
          <Button tone="primary" onClick={reload}>
            Load again
          </Button>
        </div>
      </main>
    );
  }
}
