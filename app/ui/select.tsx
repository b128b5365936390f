import { Check, ChevronsUpDown } from 'lucide-react';
import * as Radix from 'radix-ui/select';
import { useId } from 'react';
import { classes } from './class-names.ts';
import { SearchSelect } from './search-select.tsx';
import { useReadOnly } from './viewed.tsx';
import { useFloating } from './floating.ts';

/** A choice of one: what there is, what is chosen, and what it is called. */
export interface SelectProps<V extends string> {
  readonly value: V;
  readonly options: readonly {
    readonly value: V;
    readonly title: string;
    readonly says?: string;
    readonly disabled?: boolean;
  }[];
  readonly onChange: (value: V) => void;
  readonly id?: string;
  readonly label?: string;
  readonly disabled?: boolean;
  readonly className?: string;
}

/** So many choices are seen at a glance; of more one is found by typing. */
const fewChoices = 12;

/** One of several. */
export const Select = <V extends string>(props: SelectProps<V>) =>
  props.options.length > fewChoices ? <SearchSelect {...props} /> : <ShortSelect {...props} />;

/** One of a few. */
function ShortSelect<V extends string>({ value, options, onChange, id, label, disabled, className }: SelectProps<V>) {
  const says = useId();
  // Radix opens at a press of which a disabled fieldset knows nothing.
  const isViewed = useReadOnly();
  const isOff = isViewed || disabled;
  const { root, place } = useFloating();
  const pick = (chosen: string) => {
    const found = options.find((option) => option.value === chosen);
    if (found) onChange(found.value);
  };
  return (
    <Radix.Root {...root} value={value} onValueChange={pick} {...(isOff ? { disabled: true } : {})}>
      <Radix.Trigger
        className={classes('input select-button', isViewed && 'select-viewed', className)}
        id={id}
        aria-label={label}
      >
        <Radix.Value />
        <ChevronsUpDown className="i i-14 t3" aria-hidden />
      </Radix.Trigger>
      <Radix.Portal container={place}>
        <Radix.Content className="float menu" position="popper" sideOffset={4} collisionPadding={8}>
          <Radix.Viewport>
            {options.map((option, at) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="menu-item"
                title={option.title}
                disabled={option.disabled ?? false}
                {...(option.says ? { 'aria-describedby': `${says}${at}` } : {})}
              >
                <Radix.ItemText>{option.title}</Radix.ItemText>
                {option.says && (
                  <span className="t3 small" id={`${says}${at}`}>
                    {option.says}
                  </span>
                )}
                <Radix.ItemIndicator className="end">
                  <Check className="i i-14" aria-hidden />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
