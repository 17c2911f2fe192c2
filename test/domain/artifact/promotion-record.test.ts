import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  RECORD_TYPE,
  recordPayload,
  recordReferrer,
  signedBytes,
} from '../../../functions/domain/artifact/promotion-record.ts';
import { verifyRecord } from '../../../functions/domain/artifact/verify-record.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { promotionIn } from '../../support/promotions.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8');
const digest = digestOfBytes('the artifact');
const record = { promotion_id: 'prom-1', artifact: { version: 'v1.2.3', digest }, result: 'SUCCESS' };
const payload = {
  bytes: Buffer.from(JSON.stringify(record)),
  subject: digest,
  at: '2026-11-21T12:00:00.000Z',
};
const subject = { mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: 855 };

function envelope(change: object = {}, signed: Uint8Array = payload.bytes): string {
  const sig = sign('sha256', signedBytes(signed), privateKey).toString('base64');
  const body = Buffer.from(signed).toString('base64');
  return JSON.stringify({
    payload: body,
    payloadType: RECORD_TYPE,
    signatures: [{ keyid: 'key', sig }],
    ...change,
  });
}

describe('what is signed', () => {
  it('is the pre-authentication encoding of DSSE, byte for byte', () => {
    expect(text(signedBytes(Buffer.from('hello world')))).toBe(
      'DSSEv1 40 application/vnd.sluice.promotion.v1+json 11 hello world',
    );
  });

  it('is nothing of a promotion that has not completed, or promotes no artifact', () => {
    expect(recordPayload(promotionIn('approved').events)).toBeUndefined();
    expect(recordPayload(promotionIn('completed').events)).toBeUndefined();
  });
});

describe('the referrer', () => {
  it('has the same bytes for the same record and signature, for years', () => {
    const { manifest, blobs } = recordReferrer(payload, { key_id: 'key', signature: 'c2ln' }, subject);
    const layer = `{"payload":"${Buffer.from(payload.bytes).toString('base64')}","payloadType":"${RECORD_TYPE}","signatures":[{"keyid":"key","sig":"c2ln"}]}`;
    expect(blobs.map(({ bytes }) => text(bytes))).toEqual(['{}', layer]);
    const hex = createHash('sha256').update(layer).digest('hex');
    expect(JSON.parse(text(manifest.bytes))).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: RECORD_TYPE,
      config: {
        mediaType: 'application/vnd.oci.empty.v1+json',
        digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
        size: 2,
      },
      layers: [
        {
          mediaType: 'application/vnd.dsse.envelope.v1+json',
          digest: `sha256:${hex}`,
          size: Buffer.byteLength(layer),
        },
      ],
      subject,
      annotations: { 'org.opencontainers.image.created': '2026-11-21T12:00:00.000Z' },
    });
    expect(manifest.descriptor.digest).toBe(digestOfBytes(manifest.bytes));
    const again = recordReferrer(payload, { key_id: 'key', signature: 'c2ln' }, subject);
    expect(again.manifest.descriptor).toEqual(manifest.descriptor);
  });
});

describe('an envelope', () => {
  it('is verified offline by the public key, and says what it is about', () => {
    expect(verifyRecord(envelope(), pem)).toEqual({ record, digest, key_id: 'key' });
  });

  it.each([
    ['another key', envelope(), generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey],
    [
      'a changed record',
      envelope({ payload: Buffer.from('{"result":"FAILED"}').toString('base64') }),
      publicKey,
    ],
    [
      'a signature of the bytes alone',
      envelope({ signatures: [{ sig: sign('sha256', payload.bytes, privateKey).toString('base64') }] }),
      publicKey,
    ],
    ['no signature', envelope({ signatures: [{ keyid: 'key' }] }), publicKey],
  ])('of %s is not signed by this key', (_, given, key) => {
    const problem = verifyRecord(given, key.export({ type: 'spki', format: 'pem' }).toString());
    expect(problem).toEqual({ problem: 'is not signed by this key' });
  });

  it.each([
    ['no JSON', 'nothing', /^is no envelope/],
    ['a member twice', envelope().replace('{', '{"payload":"",'), /^is no envelope/],
    ['another type', envelope({ payloadType: 'application/vnd.in-toto+json' }), /^is no envelope of/],
    ['no payload', envelope({ payload: 1 }), /^is no DSSE envelope/],
    ['a payload written otherwise', envelope({ payload: 'e30' }), /not base64$/],
    ['no signatures', envelope({ signatures: [] }), /one signature$/],
    ['two signatures', envelope({ signatures: [{}, {}] }), /one signature$/],
    ['a signed text', envelope({}, Buffer.from('text')), /^holds no record/],
    ['a signed record of nothing', envelope({}, Buffer.from('{}')), /without a digest$/],
  ])('with %s proves nothing, and the answer says why', (_, given, why) => {
    expect(verifyRecord(given, pem)).toEqual({ problem: expect.stringMatching(why) });
  });
});
