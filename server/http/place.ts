import ipaddr from 'ipaddr.js';

/**
 * The place that an address stands for, where tries and requests are counted: the address; of IPv6 its /64, because that is what one household or
 * machine gets and may choose addresses from.
 */
export const placeOf = (address: string): string => prefixOf(address, { ipv4: 32, ipv6: 64 });

/**
 * The network that a place is part of, which one sender may have as a whole: a /48 of IPv6 has 65,536 places, a /24 of IPv4 256. Many people may share
 * one, so it is allowed more than a place.
 */
export const networkOf = (address: string): string => prefixOf(address, { ipv4: 24, ipv6: 48 });

function prefixOf(address: string, bits: { readonly ipv4: number; readonly ipv6: number }): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  const size = bits[parsed.kind()];
  const bytes = parsed.toByteArray();
  if (size === bytes.length * 8) return parsed.toString();
  const network = bytes.map((byte, index) => (index * 8 < size ? byte : 0));
  return `${ipaddr.fromByteArray(network).toString()}/${size}`;
}
