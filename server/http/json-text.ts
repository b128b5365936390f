/** The body of an answer that is JSON text already: what is stored as text and sent as it is need not be parsed and written again. */
export class JsonText<Body> {
  readonly text: string;
  /** What the text holds; there for the types alone. */
  declare readonly holds: Body;

  constructor(text: string) {
    this.text = text;
  }
}
