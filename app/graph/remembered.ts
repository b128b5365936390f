/** What was once worked out of a list or an object that does not change is worked out no more, as long as somebody holds it. */
export function remembered<Of extends object, Value>(work: (of: Of) => Value): (of: Of) => Value {
  const known = new WeakMap<Of, Value>();
  return (of) => {
    const value = known.get(of);
    if (value !== undefined || known.has(of)) return value as Value;
    const made = work(of);
    known.set(of, made);
    return made;
  };
}
