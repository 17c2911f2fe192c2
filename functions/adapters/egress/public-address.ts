import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Never called: IANA's IPv4 special-purpose registry (RFC 6890 and its updates), multicast (RFC 5771) and the reserved
 * class E. The metadata services of clouds are among them (169.254.169.254, 100.100.100.200); Azure's has a public
 * address of its own, the last entry.
 */
const FORBIDDEN_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['168.63.129.16', 32],
];

/** The only unicast IPv6 space IANA has handed out (RFC 4291, registry of 2000::/3): all else is local, mapped or unassigned. */
const GLOBAL_V6: readonly [string, number] = ['2000::', 3];

/** Inside 2000::/3 and yet not the Internet: IETF assignments with Teredo, documentation (RFC 3849, 9637), 6to4. */
const FORBIDDEN_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

// Pure, so that bundles without outgoing calls leave them out.
const forbiddenV4 = /* @__PURE__ */ list('ipv4', FORBIDDEN_V4);
const globalV6 = /* @__PURE__ */ list('ipv6', [GLOBAL_V6]);
const forbiddenV6 = /* @__PURE__ */ list('ipv6', FORBIDDEN_V6);
const loopback = /* @__PURE__ */ list('ipv4', [['127.0.0.0', 8]]);

/**
 * Whether an address (as DNS or a URL gives it, without brackets) is on the public Internet.
 * IPv6 forms that carry an IPv4 address (mapped, translated, NAT64, 6to4, Teredo) are refused whatever they carry.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !forbiddenV4.check(address, 'ipv4');
  if (!isIPv6(address) || address.includes('%')) return false;
  return globalV6.check(address, 'ipv6') && !forbiddenV6.check(address, 'ipv6');
}

/** Whether an address is this machine: 127.0.0.0/8 or ::1. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIPv4(address) && loopback.check(address, 'ipv4'));
}

function list(type: 'ipv4' | 'ipv6', subnets: readonly (readonly [string, number])[]): BlockList {
  const block = new BlockList();
  for (const [net, prefix] of subnets) block.addSubnet(net, prefix, type);
  return block;
}
