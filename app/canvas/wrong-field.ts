import { firstField } from '../ui/first-field.ts';

// The field before the switch between value and expression that stands over it.
const typable = ':is(input, textarea, [role=combobox], [role=switch], [aria-pressed]):not(:disabled)';
const pressable = 'button:not(:disabled)';

/** What of a form is written in first. */
export const fieldIn = (form: Element): HTMLElement | undefined => firstOf(form, [typable, pressable]);

// A list that lacks an entry has nothing to write in: its button adds one.
const mending = ['[aria-invalid=true]:is(input, textarea, button)', typable, '[data-adds]', pressable];

/** Where in a form something is to be done about a place of its params, as in `fields[0].value`: in the nearest part that is drawn of it. */
export function wrongAt(form: Element, param: string): HTMLElement | undefined {
  const isOf = (path: string) => param === path || param.startsWith(`${path}.`) || param.startsWith(`${path}[`);
  const [nearest] = [...form.querySelectorAll<HTMLElement>('[data-field], [data-entry]')]
    .map((part) => ({ part, path: part.dataset['field'] ?? part.dataset['entry'] ?? '' }))
    .filter(({ path }) => isOf(path))
    .toSorted((one, other) => other.path.length - one.path.length);
  return nearest && firstOf(nearest.part, mending);
}

const firstOf = (part: Element, selectors: readonly string[]): HTMLElement | undefined =>
  selectors.reduce<HTMLElement | undefined>((found, one) => found ?? firstField(part, one), undefined);
