import ipaddr from 'ipaddr.js';

/**
 * The place that an address stands for, where tries and requests are counted: the address; of IPv6 its /64, because that is what one household or
 * machine gets and may choose addresses from.
 */
export function placeOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = parsed.toByteArray().map((byte, index) => (index < 8 ? byte : 0));
  return `${ipaddr.fromByteArray(network).toString()}/64`;
}
