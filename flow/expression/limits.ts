/** Expressions a person writes stay far below these; they are here for hostile ones (SAFETY.md A1, Z1). */
export const limits = {
  /** One call, loop turn or element touched is a step; text costs a step per 64 characters. A million take about 50 ms. */
  steps: 1_000_000,
  /** The longest text, in UTF-16 units, that one operation may build. */
  text: 16_000_000,
  /** The most elements of one list that an expression may build. */
  list: 1_000_000,
  /** How many functions of the expression may be inside one another at once. */
  calls: 120,
  /** How deep a value may nest when it leaves the expression or is printed. */
  depth: 200,
  /** How deep the syntax tree may nest. */
  syntax: 400,
  /** The longest code between two brackets, in UTF-16 units. */
  code: 100_000,
  /** The longest template, in UTF-16 units; longer text is never looked at for brackets. */
  template: 10_000_000,
  /** The longest regular expression, in UTF-16 units. */
  regex: 2_000,
  /** The characters of one once its repeats are written out: compiling them takes 65 ms and keeps 1 MB. */
  regexWritten: 10_000,
} as const;
