/** Whether a name leads to prototypes in JavaScript; it is refused everywhere, even as a key of data. */
export function isForbidden(name: string): boolean {
  return name === 'constructor' || name === '__proto__' || name === 'prototype';
}
