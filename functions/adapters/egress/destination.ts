import type { LookupAddress } from 'node:dns';
import { lookup as resolveName } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

/** Every address of a name, as `getaddrinfo` gives them. Rejects when it has none. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** Asks the name server of the machine. */
export const resolveAll: Resolve = (host) => resolveName(host, { all: true });

/** Why a URL is never called, whatever its name leads to. */
export function problemOfUrl(url: URL, allowLoopback: boolean): string | undefined {
  if (url.protocol !== 'https:' && !(allowLoopback && url.protocol === 'http:')) {
    return 'only https addresses are called';
  }
  if (url.username !== '' || url.password !== '') return 'an address carries no credentials';
  return undefined;
}

/** The addresses a URL leads to; a literal address is itself and asks nobody. */
export async function addressesOf(url: URL, resolve: Resolve): Promise<readonly LookupAddress[]> {
  const host = hostOf(url);
  const family = isIP(host);
  return family === 0 ? resolve(host) : [{ address: host, family }];
}

/** One forbidden address among many refuses them all: which one a socket would take is not ours to choose. */
export function problemOfAddresses(
  url: URL,
  addresses: readonly LookupAddress[],
  allowLoopback: boolean,
): string | undefined {
  if (addresses.length === 0) return 'the name has no address';
  const loopback = addresses.every(({ address }) => isLoopbackAddress(address));
  if (allowLoopback && loopback) return undefined;
  if (url.protocol !== 'https:') return 'only https addresses are called';
  return addresses.every(({ address }) => isPublicAddress(address))
    ? undefined
    : 'the address is not on the public Internet';
}

/** Answers every question of the socket with the addresses that were checked. */
export function pinnedTo(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, answer) => {
    if (options.all) return answer(null, [...addresses]);
    const first = addresses[0];
    return first === undefined
      ? answer(new Error('no address'), '')
      : answer(null, first.address, first.family);
  };
}

function hostOf(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
}
