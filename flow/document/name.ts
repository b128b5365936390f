/** The name that was meant by what was typed: without spaces around it. Undefined when it is blank: that names nothing. */
export function nameOf(typed: string): string | undefined {
  const name = typed.trim();
  return name === '' ? undefined : name;
}
