import { useEffect } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { toFirstWrong } from '../ui/first-wrong.ts';
import { Logo } from '../ui/logo.tsx';

interface DoorCardProps {
  readonly title: string;
  readonly says: ReactNode;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** The frame of the screens before one is inside: one card, one question. */
export function DoorCard({ title, says, onSubmit, children }: DoorCardProps) {
  useEffect(() => {
    document.title = `${title} · Heddle`;
  }, [title]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit();
    toFirstWrong(event.currentTarget);
  };
  return (
    <main className="door">
      <form className="door-card col gap-14" onSubmit={submit} noValidate>
        <div className="row gap-10">
          <Logo size={28} />
          <h1 className="page-title">{title}</h1>
        </div>
        <p className="t2">{says}</p>
        {children}
      </form>
    </main>
  );
}
