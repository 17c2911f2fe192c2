import { describe, expect, it } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import {
  claim,
  emptyHead,
  release,
  revisionDigest,
  slotText,
  swap,
} from '../../../functions/domain/promotion/head.ts';
import { alice, contentOf, NOON } from '../../support/promotion-facts.ts';

const slot = {
  subject: { kind: 'agent', name: 'agent-123' },
  environment: 'production',
  gateway: 'gw-789',
} as const;
const LATER = '2026-11-21T13:00:00.000Z';
const empty = emptyHead(slot, NOON);
const executed = (promotion_id: string, content: string) => ({
  digest: contentOf(content),
  cause: { by: 'execute', promotion_id } as const,
  actor: alice,
  deployment_id: `dep-of-${content}`,
  now: LATER,
});

describe('a head', () => {
  it('begins empty, at version 0', () => {
    expect(empty).toEqual({ slot, version: 0, revision: 0, digest: null, chain: null, updated_at: NOON });
    expect(slotText(slot)).toBe('production#gw-789');
    expect(slotText({ subject: { kind: 'config', name: 'config' }, environment: 'production' })).toBe(
      'production',
    );
  });

  it('is claimed with its new version as fence, by one promotion at a time', () => {
    const claimed = claim(empty, 'prom-1', NOON);
    expect(claimed).toMatchObject({
      version: 1,
      digest: null,
      claim: { promotion: 'prom-1', fence: 1, at: NOON },
    });
    expect(() => claim(claimed, 'prom-2', NOON)).toThrow(Fault);
    expect(claim(claimed, 'prom-1', NOON).claim?.fence).toBe(2);
  });

  it('is swapped by its claimant, which clears the claim and appends a revision', () => {
    const { head, revision } = swap(claim(empty, 'prom-1', NOON), executed('prom-1', 'one'));
    expect(revision).toEqual({
      slot,
      number: 1,
      digest: contentOf('one'),
      previous: null,
      cause: { by: 'execute', promotion_id: 'prom-1' },
      actor: { subject: alice.subject, kind: 'person', email: alice.email },
      at: LATER,
      deployment_id: 'dep-of-one',
      prev: null,
    });
    expect(head).toEqual({
      slot,
      version: 2,
      revision: 1,
      digest: contentOf('one'),
      deployment_id: 'dep-of-one',
      chain: revisionDigest(revision),
      updated_at: LATER,
    });
  });

  it('names in its revision whose machine moved it', () => {
    const actor = { subject: 'bot', email: '', kind: 'machine', owner: 'carol@acme.com' } as const;
    const { revision } = swap(empty, { ...executed('prom-1', 'one'), actor });
    expect(revision.actor).toEqual({ subject: 'bot', kind: 'machine', owner: 'carol@acme.com' });
  });

  it('is not swapped by anybody else while it is claimed', () => {
    const claimed = claim(empty, 'prom-1', NOON);
    expect(() => swap(claimed, executed('prom-2', 'two'))).toThrow(/held by prom-1/);
    const recorded = { ...executed('', 'two'), cause: { by: 'record', deployment_id: 'dep-1' } as const };
    expect(() => swap(claimed, recorded)).toThrow(Fault);
    expect(swap(empty, recorded).head.revision).toBe(1);
  });

  it('chains its revisions, and forgets the deployment of the one before', () => {
    const first = swap(empty, executed('prom-1', 'one'));
    const { deployment_id: _, ...edit } = executed('prom-2', 'two');
    const second = swap(first.head, edit);
    expect(second.revision).toMatchObject({
      number: 2,
      previous: contentOf('one'),
      prev: revisionDigest(first.revision),
    });
    expect(second.head.chain).toBe(revisionDigest(second.revision));
    expect(second.head).not.toHaveProperty('deployment_id');
  });

  it('is released as it was, one version on', () => {
    const { head } = swap(empty, executed('prom-1', 'one'));
    const released = release(claim(head, 'prom-2', LATER), LATER);
    expect(released).toEqual({ ...head, version: head.version + 2 });
  });
});
