import { Eye } from 'lucide-react';
import type { ButtonHTMLAttributes, Ref } from 'react';
import { toast } from '../ui/toast.ts';
import './view-only-chip.css';

interface ChipProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly ref?: Ref<HTMLButtonElement>;
  /** Why, and whom to ask. */
  readonly text: string;
}

/** Says in the bar that nothing can be changed here. A finger has no tips: why is told when it is pressed, too. */
export const ViewOnlyChip = ({ text, ...rest }: ChipProps) => (
  <button
    type="button"
    aria-description={text}
    {...rest}
    onClick={() => toast({ title: 'View only', text, about: 'view only' })}
    className="chip line view-only"
  >
    <Eye className="i i-12" aria-hidden />
    View only
  </button>
);
