/** What code in a code node may reach, as declarations for the editor. */
export const nodeTypes = `
type Item = any;
interface Input { all(): Item[]; first(): Item; last(): Item; item: Item }
/** The items that came in. */
declare const $input: Input;
/** The current item, when the code runs once for each. */
declare const $json: any;
/** What another node gave, by its key. */
declare function $(key: string): Input;
/** The same string on every attempt at the same item. */
declare const idempotencyKey: string;
declare const items: Item[];
declare const item: Item;
declare const log: { debug(text: string, data?: unknown): void; info(text: string, data?: unknown): void; warn(text: string, data?: unknown): void; error(text: string, data?: unknown): void };
declare const console: { log(...values: unknown[]): void; warn(...values: unknown[]): void; error(...values: unknown[]): void };
`;
