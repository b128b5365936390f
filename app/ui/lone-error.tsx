import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Logo } from './logo.tsx';
import { ErrorState } from './rest-states.tsx';

interface LoneErrorProps {
  /** What the screen would have shown. */
  readonly title: string;
  readonly what: string;
  readonly error: Error;
  readonly retry?: () => void;
  /** Where one can go instead. */
  readonly children?: ReactNode;
}

/** A screen of its own, without the navigation at the left, that did not load: it says why and leads home. */
export function LoneError({ title, what, error, retry, children }: LoneErrorProps) {
  return (
    <div className="app-editor">
      <header className="topbar">
        <Link href="/" aria-label="Home" className="row">
          <Logo />
        </Link>
        <ChevronLeft className="i i-12 t3" aria-hidden />
        <h1 className="strong">{title}</h1>
      </header>
      <main>
        <ErrorState what={what} error={error} {...(retry ? { retry } : {})} />
        {children}
      </main>
    </div>
  );
}
