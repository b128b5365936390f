import { Select } from '../ui/select.tsx';
import { ControlView } from './control-view.tsx';
import type { ControlProps } from './control-view.tsx';
import type { Variant } from './field.ts';
import { blankVariant, variantOf } from './value-at.ts';
import { useRoom } from './kept.ts';
import { isObject } from '../../flow/document/json.ts';

/** One of several forms of a value: which one is chosen above, its fields stand below. */
export function Variants(props: ControlProps & { variants: readonly Variant[] }) {
  const { field, path, wiring, value, onChange, variants } = props;
  const room = useRoom();
  const place = variantOf(variants, value ?? field.default);
  const variant = variants[place];
  const options = variants.map(({ label }, index) => ({ value: String(index), title: label }));
  const change = (next: string) => {
    const wanted = variants[Number(next)];
    if (!wanted) return;
    onChange(blankVariant(wanted));
    // As what was stored in the other form, what was kept in it is taken away.
    room.forget(path);
  };
  return (
    <div className="col gap-8">
      <Select
        id={wiring.id}
        label={field.title}
        value={String(place)}
        options={place < 0 ? [{ value: '-1', title: 'Choose' }, ...options] : options}
        onChange={change}
      />
      {variant && !('' in variant.fixed) && (
        <ControlView
          {...props}
          wiring={{ ...wiring, id: `${wiring.id}-inner` }}
          field={{ ...field, control: variant.control }}
          value={value}
          // The fixed fields are what makes it this variant.
          onChange={(next) => onChange(isObject(next) ? { ...next, ...variant.fixed } : next)}
        />
      )}
    </div>
  );
}
