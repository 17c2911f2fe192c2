import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isPublicAddress } from '../../../functions/adapters/egress/public-address.ts';

/** First and last address of every range that is not the public Internet, and the well-known single ones inside. */
const FORBIDDEN: readonly (readonly [string, ...string[]])[] = [
  ['this network', '0.0.0.0', '0.255.255.255'],
  ['private 10/8', '10.0.0.0', '10.255.255.255'],
  ['shared (carrier NAT), with a metadata service', '100.64.0.0', '100.127.255.255', '100.100.100.200'],
  ['loopback', '127.0.0.0', '127.0.0.1', '127.255.255.255'],
  ['link-local, with the metadata service', '169.254.0.0', '169.254.169.254', '169.254.255.255'],
  ['private 172.16/12', '172.16.0.0', '172.31.255.255'],
  ['IETF assignments', '192.0.0.0', '192.0.0.192', '192.0.0.255'],
  ['documentation', '192.0.2.1', '198.51.100.1', '203.0.113.1'],
  ['6to4 relay', '192.88.99.1'],
  ['private 192.168/16', '192.168.0.0', '192.168.255.255'],
  ['benchmarking', '198.18.0.0', '198.19.255.255'],
  ['multicast', '224.0.0.0', '239.255.255.255'],
  ['reserved and broadcast', '240.0.0.0', '255.255.255.255'],
  ['a metadata service with a public address', '168.63.129.16'],
  ['IPv6 unspecified and loopback', '::', '::1'],
  ['IPv4-compatible', '::127.0.0.1', '::8.8.8.8'],
  [
    'IPv4-mapped',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '::FFFF:7F00:1',
    '0:0:0:0:0:ffff:7f00:1',
  ],
  ['IPv4-translated', '::ffff:0:127.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1', '64:ff9b::808:808', '64:ff9b:1::1'],
  ['discard', '100::1'],
  ['IETF assignments with Teredo', '2001::1', '2001:0:53aa:64c::1', '2001:1ff:ffff::1'],
  ['documentation', '2001:db8::1', '3fff::1', '3fff:fff::1'],
  ['6to4', '2002:7f00:1::1', '2002:808:808::1'],
  ['unassigned', '4000::1', '5f00::1', '1000::1'],
  ['unique local, with the metadata service', 'fc00::1', 'fd00:ec2::254', 'fdff:ffff::1'],
  ['link-local', 'fe80::1', 'febf::1', 'fe80::1%lo'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1', 'ffff::1'],
  ['a zone on a public address', '2600::1%eth0'],
  ['what is no address', '', 'localhost', '1.2.3', '0x7f000001', '[::1]', '127.1'],
];

describe('a public address', () => {
  it.each(FORBIDDEN.map(([range, ...addresses]) => ({ range, addresses })))('is not in $range', (row) => {
    expect(row.addresses.filter(isPublicAddress)).toEqual([]);
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2600::1',
    '2a00:1450::1',
    '3ffe::1',
  ])('is one like %s, right beside a forbidden range or not', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('a loopback address', () => {
  it.each(['127.0.0.1', '127.255.255.255', '::1'])('is %s', (address) => {
    expect(isLoopbackAddress(address)).toBe(true);
  });

  it.each(['128.0.0.1', '0.0.0.0', '::', '::ffff:127.0.0.1', '10.0.0.1', 'localhost'])(
    'is not %s',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(false);
    },
  );
});
