/** Tells of a value that it is large without looking into it. */
type IsLarge = (value: object) => boolean;

/** About how long the JSON of a value is; counted no further than `most`, and `Infinity` where something in it is known to be large. */
export function jsonWeight(value: unknown, most: number, isLarge: IsLarge = () => false): number {
  let weight = 0;
  const open: unknown[] = [value];
  while (open.length > 0 && weight <= most) {
    const one = open.pop();
    if (typeof one === 'string') weight += one.length + 2;
    else if (typeof one !== 'object' || one === null) weight += 4;
    else if (isLarge(one)) return Infinity;
    else if (Array.isArray(one)) {
      weight += one.length + 2;
      if (weight <= most) for (const entry of one) open.push(entry);
    } else {
      weight += 2;
      for (const key in one) {
        weight += key.length + 4;
        if (weight > most) break;
        open.push(Reflect.get(one, key));
      }
    }
  }
  return weight;
}
