import { beforeEach, describe, expect, it } from 'vitest';
import type { Exchange, OciRequest } from '../../functions/adapters/oci/exchange.ts';
import { BUNDLE } from '../support/signing.ts';
import { artifactWorld } from './artifacts-world.ts';
import { answered, endless, gateOf, held, listing, only, passed } from './signature-gate-world.ts';

const one = artifactWorld();
const its = gateOf(one);
beforeEach(() => its.publish('v1.2.3'));

/** As many descriptors of manifests that are nowhere. */
const invented = (count: number, artifactType = BUNDLE) =>
  Array.from({ length: count }, (_, at) => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: `sha256:${at.toString(16).padStart(64, '0')}`,
    size: 500,
    artifactType,
  }));

describe('the gate signature, at a hostile registry', () => {
  const isReferrer = ({ url }: OciRequest, digest: string) => url.includes(`/manifests/${digest}`);

  it.each<[string, string, (referrer: string) => (exchange: Exchange) => Exchange]>([
    [
      'that answers another manifest for the signature',
      'registry_corrupt',
      (referrer) => (exchange) => async (request) =>
        isReferrer(request, referrer)
          ? { ...(await exchange(request)), body: only(Buffer.from('{"schemaVersion":2}')) }
          : exchange(request),
    ],
    [
      'that answers other bytes for its bundle',
      'registry_corrupt',
      () => (exchange) => async (request) => {
        const response = await exchange(request);
        const length = Number(response.headers['content-length'] ?? 0);
        return request.method === 'GET' && request.url.includes('/blobs/')
          ? { ...response, body: only(Buffer.alloc(length, 'x')) }
          : response;
      },
    ],
    [
      'whose bundle has no end',
      'registry_corrupt',
      () => (exchange) => async (request) =>
        request.method === 'GET' && request.url.includes('/blobs/')
          ? { ...(await exchange(request)), body: endless() }
          : exchange(request),
    ],
    [
      'whose list has no end',
      'registry_refused',
      () => (exchange) => async (request) =>
        request.url.includes('/referrers/') ? answered(endless()) : exchange(request),
    ],
    [
      'whose list goes on for ever',
      'registry_refused',
      () => listing(() => [], '</v2/x/referrers/sha256:00?n=1>; rel="next"'),
    ],
    [
      'whose list breaks off between its pages',
      'registry_refused',
      () => (exchange) => async (request) => {
        if (!request.url.includes('/referrers/')) return exchange(request);
        if (request.url.includes('page=2')) return answered(only(Buffer.from('')), {}, 404);
        const link = `<${request.url}?page=2>; rel="next"`;
        return answered(only(Buffer.from('{"manifests":[]}')), { link });
      },
    ],
    ['that lists more than ten thousand', 'registry_refused', () => listing(() => invented(10_001))],
    [
      'that shows the list to nobody',
      'registry_denied',
      () => (exchange) => async (request) =>
        request.url.includes('/referrers/') ? answered(only(Buffer.from('')), {}, 403) : exchange(request),
    ],
    [
      'that fails',
      'registry_unavailable',
      () => (exchange) => async (request) =>
        request.url.includes('/referrers/') ? answered(only(Buffer.from('')), {}, 503) : exchange(request),
    ],
  ])('%s, fails closed', async (_, code, hostile) => {
    await its.byKey();
    const referrer = await its.sign();
    one.through = hostile(referrer);
    const { status, gate, answer } = await its.judged();
    expect({ status, gate }).toMatchObject(held(code));
    expect(answer?.problem).toContain('127.0.0.1');
  });

  it('with 10,000 things that call themselves signatures is read no further than some of them', async () => {
    await its.byKey();
    let asked = 0;
    const list = listing(() => invented(10_000));
    one.through = (exchange) => (request) => {
      asked += 1;
      return list(exchange)(request);
    };
    const id = await its.request();
    asked = 0;
    expect(await its.assessed(id)).toMatchObject(held('signatures_not_all_read'));
    expect(asked).toBeLessThan(60);
  });

  it('with 10,000 other referrers is still seen to have the signature', async () => {
    await its.byKey();
    const referrer = await its.sign();
    const { size, mediaType } = (await its.at().resolve(referrer)) ?? { size: 0, mediaType: '' };
    const real = { mediaType, size, digest: referrer, artifactType: BUNDLE };
    one.through = listing(() => [...invented(9_999, 'application/spdx+json'), real]);
    expect(await its.judged()).toMatchObject(passed);
  });

  it('that stays silent is given up after the time of the gate', async () => {
    await its.byKey({ timeout_seconds: 1 });
    one.through = (exchange) => (request) =>
      request.url.includes('/referrers/') ? new Promise(() => {}) : exchange(request);
    expect(await its.judged()).toMatchObject(held('provider_timed_out'));
  });
});
