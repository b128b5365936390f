import * as Radix from 'radix-ui/switch';

/** On or off, at once. */
export const Switch = ({
  checked,
  onChange,
  label,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
}) => <Radix.Root className="switch" checked={checked} onCheckedChange={onChange} aria-label={label} />;
