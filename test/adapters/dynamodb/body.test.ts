import { deflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { BODY, decodeBody, encodeBody } from '../../../functions/adapters/dynamodb/body.ts';
import { DICTIONARY_1 } from '../../../functions/adapters/dynamodb/body-dictionary.ts';
import { facts } from '../../../functions/adapters/dynamodb/schemas/basics.ts';
import { storedEvents } from '../../../functions/adapters/dynamodb/schemas/events.ts';
import { promotionState } from '../../../functions/adapters/dynamodb/schemas/promotion.ts';
import { AnyJson } from '../../../functions/domain/conditions/condition-form.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import { promotion, stored } from '../../ports/samples.ts';
import { times } from '../../support/length.ts';

const anything = z.record(z.string(), z.unknown());
const key = { PK: { S: 'T#acme#PROMO#prom-1' }, SK: { S: 'STATE' } };
const body = (value: object) => ({ ...key, [BODY]: encodeBody(value) });
/** An object literal would set the prototype. */
const prototypes = () => JSON.parse('{"__proto__":{"a":[{"__proto__":1}]},"b":{"__proto__":null}}');
const decode = (body: AttributeValue) => decodeBody({ ...key, [BODY]: body }, anything);

/** Packed by the first version that packed. */
const GOLDEN =
  'Ac2a3W7bMAyFX2VobxeApEhK3NUeYre9oEQJLbANAwp0KIa8+5C6a9PESZc6+7mzDRgWRB75k87ZZpwXiOPtS1+EOUjpPyadzeiO' +
  'wg6LnkI7BxBGBHphgFUnqyvG4JVn1BWzqggzwFT8xxpHv/u4mfhDtZ4jHsQV4Sewlx13iL4W0MxjQc8GNGJspWlDkVrdyFPASAxQ' +
  'G7KPWhoLetROiVkS5kpEm4eEDUz5rwARc0FnV+gSFUKrl9pCEuFoyWD0CqaGGTC61SgheYxm0ApZHqiHgcqg2VAuEJF7jRARJEYv' +
  'MSBHy91Yugwl8dxSeMsKeWSgFJi498VABiadMJfWpboMbVgBi5LwGHkU75FSilpytRFJ2MQInaNWtNRJFwPd4gaYX04n5Z6ZCc/Q' +
  'B7NM+SCtyyeBXb6FMZcL6ayM+mO6fDjy/9w3s/7+YhOi+4Drt+DrdPcv6HUn6jKfz5jg9NRwRruZjWfofjrj6/00pMnzfSXAtZ3F' +
  'Mlmvr9YnUfPiJWl9LDF0gLR3jaRt62mbtJ99rS3c/jXyNLLVmisnqbBRpQqG9xEpc4umBaOBDneVnjL3VFLKtZTmwBrdL45ze1Hv' +
  'SUKKq3uqkpliGPdhkVGJ0AYgqBuidzThhgMU2L23AhK/A+1nRoUnOT6p8OrP/gteI5JnV+j2+ubbFDeddeqeX8ft8/4Z827HRcXX' +
  '3PH93cr0LZzbreS93UqiwuhmpGTFHSXnUsMxDTIqOVdIBcU1SMIBmmbmWrqSj0Q+Aef+QdQpjuKt37/7fn1/sf4J';

function bytesOf({ B }: { B?: Uint8Array }): Uint8Array {
  if (B === undefined) throw new Error('not packed');
  return B;
}

function faultOf(act: () => unknown): Fault {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the body of an item', () => {
  test('comes back as it went in, packed or plain', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(decodeBody({ ...key, [BODY]: encodeBody(value) }, facts))).toBe(text);
      }),
      {
        numRuns: times(100, 1_200),
        examples: [[{}], [{ long: 'x'.repeat(5000) }], [{ 'ü#\u0000': ['é', null, 1.5e-9] }], [prototypes()]],
      },
    );
  });

  test('keeps members called __proto__ wherever a schema takes any JSON', () => {
    const metrics = prototypes();
    const kept = decodeBody(
      body({ metrics, list: [metrics] }),
      z.looseObject({ metrics: facts, list: AnyJson }),
    );
    expect(JSON.stringify(kept)).toBe(JSON.stringify({ metrics, list: [metrics] }));
  });

  test('is plain text while that is short', () => {
    expect(encodeBody({ promotion_id: 'prom-1' })).toEqual({ S: '{"promotion_id":"prom-1"}' });
  });

  test('is packed with a dictionary that never changes: what is stored was packed with exactly these bytes', () => {
    expect(digestOfBytes(DICTIONARY_1)).toMatchInlineSnapshot(
      `"sha256:ac2ed71d21a84645a100e079cc871c1a42d05ea4d58b9d149f275f3535042367"`,
    );
  });

  test('packed by an earlier version still reads', () => {
    const B = Buffer.from(GOLDEN, 'base64');
    expect(decodeBody({ ...key, [BODY]: { B } }, promotionState)).toEqual(promotion('acme', 'prom-1', 7));
  });

  test.each([
    ['no text and no bytes', { NULL: true }],
    ['an unknown codec', { B: Uint8Array.of(9, 1, 2, 3) }],
    ['no codec', { B: new Uint8Array() }],
    ['bytes that do not inflate', { B: Uint8Array.of(1, 255, 255, 255) }],
    ['a body cut short', { B: Buffer.from(bytesOf(encodeBody(promotion('acme', 'p', 1)))).subarray(0, 200) }],
    ['text that is not JSON', { S: '{"a":' }],
    ['JSON of another shape', { S: '[1,2]' }],
    ['a bomb', { B: Buffer.concat([Buffer.of(1), deflateRawSync(Buffer.alloc(50_000_000, 32))]) }],
  ] satisfies [string, AttributeValue][])('with %s is the fault Corrupt', (_, body) => {
    const fault = faultOf(() => decode(body));
    expect(fault.name).toBe('Corrupt');
    expect(fault.message).toContain('T#acme#PROMO#prom-1 / STATE');
  });

  test('that is not there is the fault Corrupt', () => {
    expect(faultOf(() => decodeBody(key, anything)).name).toBe('Corrupt');
  });

  test('that is corrupt is told by where it is wrong, never by what it says', () => {
    const state = { ...promotion('acme', 'prom-1', 1), expires_at: 42, requested_at: 'secret words' };
    const fault = faultOf(() => decodeBody({ ...key, [BODY]: encodeBody(state) }, promotionState));
    expect(fault.message).toContain('expires_at');
    expect(fault.message).not.toContain('secret words');
  });
});

describe('the shape of what is stored', () => {
  test.each([
    ['of no known status', { status: 'done' }],
    [
      'that is executing but has no fence',
      { status: 'executing', approved_at: 'x', started_at: 'x', deployment_id: 'd' },
    ],
    ['that is blocked by nothing it names', { status: 'blocked', blocked_by: 'tests' }],
    ['with a digest that is none', { chain: 'sha256:abc' }],
    ['with a version that is no number', { seq: '7' }],
    ['without a seal', { seal: undefined }],
  ])('refuses a promotion %s', (_, change) => {
    const state = { ...promotion('acme', 'prom-1', 1), ...change };
    expect(faultOf(() => decodeBody(body(state), promotionState)).name).toBe('Corrupt');
  });

  test('refuses an event nobody knows', () => {
    const event = { ...stored(1), event: { type: 'PromotionVanished' } };
    expect(faultOf(() => decodeBody(body([event]), storedEvents)).name).toBe('Corrupt');
  });

  test('keeps members that only a newer version knows', () => {
    const state = { ...promotion('acme', 'prom-1', 1), newer: { deep: [1] } };
    expect(decodeBody(body(state), promotionState)).toEqual(state);
  });
});
