import * as Radix from 'radix-ui/switch';
import { useReadOnly } from './viewed.tsx';

/** On or off, at once. */
export const Switch = ({
  checked,
  onChange,
  label,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
}) => (
  <Radix.Root
    className="switch"
    checked={checked}
    onCheckedChange={onChange}
    aria-label={label}
    disabled={useReadOnly()}
  />
);
