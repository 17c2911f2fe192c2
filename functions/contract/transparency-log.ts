import * as z from 'zod/mini';
import { EMPTY, endpoint } from './endpoint.ts';

/** Proofs by the transparency log of a tenant. */

const base = { method: 'GET', body: EMPTY, query: EMPTY, status: [200] } as const;

/** The file is canonical JSON (RFC 8785): kept to the byte, it is verified offline. */
export const provePromotion = endpoint({
  ...base,
  tag: 'promotions',
  path: '/api/v1/promotions/{id}/proof',
  operation: 'provePromotion',
  summary:
    'Prove a promotion offline: its events and their place in the tenant’s log, as one file; 409 with Retry-After until the log has it',
  response: z.strictObject({
    v: z.literal(1),
    /** Events as stored, from the first. */
    events: z.array(z.record(z.string(), z.unknown())),
    index: z.int(),
    path: z.array(z.string()),
    checkpoint: z.string(),
    public_key: z.string(),
  }),
  errors: ['not_logged'],
});

const Entries = z.pipe(
  z.string().check(z.regex(/^(0|[1-9][0-9]{0,15})$/, 'must be a number of entries')),
  z.transform(Number),
);

const ConsistencyView = z.strictObject({
  first: z.int(),
  second: z.int(),
  path: z.array(z.string()),
  checkpoint: z.string(),
  public_key: z.string(),
  /** The key as other verifiers of signed notes take it. */
  verifier_key: z.string(),
});

export const proveConsistency = endpoint({
  ...base,
  tag: 'audit',
  path: '/api/v1/audit/log',
  operation: 'proveConsistency',
  summary:
    'The newest checkpoint of the tenant’s log, and the proof that it (or one of `second` entries) holds all that one of `first` entries held',
  query: z.strictObject({ first: z.exactOptional(Entries), second: z.exactOptional(Entries) }),
  response: ConsistencyView,
  errors: ['not_logged'],
});
