import { Eye } from 'lucide-react';
import type { ButtonHTMLAttributes, Ref } from 'react';
import './view-only-chip.css';

/** Says in the bar that nothing can be changed here; whoever presses it is told why. */
export const ViewOnlyChip = (rest: ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> }) => (
  <button type="button" {...rest} className="chip line view-only">
    <Eye className="i i-12" aria-hidden />
    View only
  </button>
);
