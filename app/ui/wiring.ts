/** What names and describes a control. */
export interface Wiring {
  readonly id: string;
  readonly 'aria-label': string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: boolean;
}
