import * as Radix from 'radix-ui/toggle-group';

interface SegmentProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly title: string }[];
  readonly onChange: (value: V) => void;
}

/** Two or three ways to look at the same thing. */
export function Segment<V extends string>({ label, value, options, onChange }: SegmentProps<V>) {
  const pick = (chosen: string) => {
    const found = options.find((option) => option.value === chosen);
    if (found) onChange(found.value);
  };
  return (
    <Radix.Root type="single" className="seg" value={value} onValueChange={pick} aria-label={label}>
      {options.map((option) => (
        <Radix.Item key={option.value} value={option.value} className={option.value === value ? 'on' : undefined}>
          {option.title}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
