/** How a value is written: which control stands in the form, and what that control must know. */
export type Control =
  | { readonly kind: 'text'; readonly lines: 'one' | 'many'; readonly isMono: boolean }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number; readonly whole: boolean }
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  | { readonly kind: 'several'; readonly options: readonly Option[] }
  | { readonly kind: 'switch' }
  | {
      readonly kind: 'list';
      readonly entry: Field;
      readonly entryTitle: string;
      readonly addLabel: string;
      readonly isTimes: boolean;
    }
  | { readonly kind: 'pairs' }
  | { readonly kind: 'object'; readonly fields: readonly Field[] }
  /** One of several forms of a value, told apart by fixed fields (`kind: basic`) or by which field they have. */
  | { readonly kind: 'variants'; readonly variants: readonly Variant[] }
  | { readonly kind: 'conditions' }
  | { readonly kind: 'table' }
  | { readonly kind: 'cron' }
  | { readonly kind: 'duration' }
  | { readonly kind: 'timezone' }
  | { readonly kind: 'date-time' }
  | { readonly kind: 'credential' }
  | { readonly kind: 'workflow' }
  | { readonly kind: 'code'; readonly language: string }
  /** Anything: text is kept as text, the rest is written as JSON. */
  | { readonly kind: 'value' }
  | { readonly kind: 'json' };

export interface Option {
  readonly value: string;
  readonly label: string;
}

export interface Variant {
  readonly label: string;
  /** Fields that this form has with one value only; a word that stands for the whole value is under ``. */
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly control: Control;
}

/** One field of a form, made from the schema on a card. */
export interface Field {
  readonly name: string;
  readonly title: string;
  readonly help?: string;
  readonly placeholder?: string;
  readonly control: Control;
  readonly required: boolean;
  /** Whether an expression may stand in its place. */
  readonly isOpen: boolean;
  /** What stands in it is used as it is written: brackets of an expression are text like any other. */
  readonly isLiteral?: boolean;
  readonly default: unknown;
  /** Fields beside it with the values for which it matters; undefined when it always does. */
  readonly show?: Show;
  /** Few need it: it waits behind "Add option". */
  readonly isOption?: boolean;
  /** What it and others are forms of: at most one of them is filled in. */
  readonly either?: string;
}

/** Values of fields beside a field, by their names. */
export type Show = Readonly<Record<string, readonly unknown[]>>;

/** Whether an entry of a list with this control is one line, which says what is wrong anywhere in it. */
export const isLineControl = ({ kind }: Control): boolean =>
  !['object', 'variants', 'list', 'conditions'].includes(kind);
