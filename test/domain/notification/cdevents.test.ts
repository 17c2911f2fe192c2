import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { evidenceDigest } from '../../../functions/domain/gates/judge-gate.ts';
import { DEPLOYED, UPGRADED } from '../../../functions/domain/notification/cloud-event.ts';
import { VERBS } from '../../../functions/domain/notification/verb.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import { announcements } from '../../../functions/use-cases/engine/announce.ts';
import { deploymentEvent, MEASURED } from '../../../functions/use-cases/engine/deployment-hints.ts';
import { evidenceEvent } from '../../../functions/use-cases/evidence/hint.ts';
import { deployment } from '../../ports/samples.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { contentOf, NOON, testReport } from '../../support/promotion-facts.ts';
import { PLACES } from '../../support/promotions.ts';
import { wrongWith } from './cdevents-rules.ts';

const everywhere = Object.values(PLACES).map((steps) => promotionAfter(...steps));
const published = everywhere.flatMap(({ state, events }) => announcements(state, events));
const completed = promotionAfter(...PLACES.completed);
const lastOf = (state: PromotionState) => announcements(state, completed.events).at(-1);

describe('every event that is published', () => {
  it('keeps the rules of CloudEvents and CDEvents', () => {
    expect(published.length).toBeGreaterThan(50);
    for (const event of published) expect(wrongWith(event), event.type).toEqual([]);
  });

  it('has an id of its own, but for the same event said again', () => {
    const ids = announcements(completed.state, completed.events).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([DEPLOYED, UPGRADED, MEASURED])('of a deployment does so too: %s', (type) => {
    const odd: Deployment = { ...deployment('dep-1'), subject: { kind: 'agent', name: 'a b/ü?#@%' } };
    for (const one of [deployment('dep-1'), odd]) {
      expect(wrongWith(deploymentEvent('acme', type, one, NOON))).toEqual([]);
    }
  });

  it('of a report that arrived does so too', () => {
    const evidence = testReport();
    const event = evidenceEvent('acme', { digest: evidenceDigest(evidence), evidence });
    expect(wrongWith(event)).toEqual([]);
  });

  it('has a verb that a type of CDEvents may have', () => {
    for (const verb of Object.values(VERBS)) expect(verb).toMatch(/^[a-z]+$/);
  });
});

describe('a completed promotion', () => {
  const { state } = completed;

  it('is a service that came to an environment where there was none', () => {
    expect(lastOf(state)).toMatchObject({
      id: `${state.id}-${state.seq}-live`,
      type: DEPLOYED,
      subject: 'agent/agent-123',
      data: {
        subject: { content: { environment: { id: 'production' } } },
        customData: { tenant: state.tenant, promotion_id: state.id, deployment_id: expect.any(String) },
      },
    });
  });

  it('is an upgrade where another digest was, and a rollback where it went back', () => {
    const { plan } = state.seal;
    const base = { digest: contentOf('before'), version: 1 };
    const replaced = { ...state, seal: { ...state.seal, plan: { ...plan, base } } };
    expect(lastOf(replaced)?.type).toBe(UPGRADED);
    expect(lastOf({ ...replaced, type: 'rollback' })).toMatchObject({
      type: 'dev.cdevents.service.rolledback.0.3.0',
    });
    expect(wrongWith(lastOf({ ...replaced, type: 'rollback' }))).toEqual([]);
  });

  it('of configuration is an environment that was modified', () => {
    const config: PromotionState = { ...state, subject: { kind: 'config', name: 'all' } };
    expect(lastOf(config)).toMatchObject({
      type: 'dev.cdevents.environment.modified.0.3.0',
      subject: 'production',
      data: { subject: { content: { name: 'production' } } },
    });
    expect(wrongWith(lastOf(config))).toEqual([]);
  });
});

describe('the rules themselves', () => {
  const [event] = published;
  it.each([
    ['no time zone', { ...event, time: '2026-11-21T12:00:00' }],
    ['another spec', { ...event, specversion: '0.3' }],
    ['an unknown type', { ...event, type: 'com.acme.thing' }],
    ['a member too many', { ...event, data: { ...event?.data, extra: 1 } }],
    ['two ids', { ...event, id: 'other' }],
  ])('find %s', (_, broken) => {
    expect(wrongWith(broken)).not.toEqual([]);
  });
});
