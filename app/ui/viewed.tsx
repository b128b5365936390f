import { createContext, use } from 'react';
import type { ReactNode } from 'react';
import './viewed.css';

/** Whether the forms below are only looked at. */
export const ReadOnly = createContext(false);

/** The same for what draws a control. */
export const useReadOnly = (): boolean => use(ReadOnly);

/** What stands in a list that is only looked at and has nothing in it: the way to add something is not there. */
export const NothingThere = ({ count }: { count: number }) =>
  useReadOnly() && count === 0 ? <p className="viewed-none">None</p> : null;

/** Controls that can be used, or, in a form that is only looked at, only read: what would add or take away is not there. */
export const Controls = ({ children }: { children: ReactNode }) =>
  useReadOnly() ? (
    <fieldset disabled className="viewed">
      {children}
    </fieldset>
  ) : (
    children
  );
