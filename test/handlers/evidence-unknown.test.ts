import { beforeEach, describe, expect, it } from 'vitest';
import { as, asking, EVIDENCE, freshWorld, requested, stateOf } from './evidence-world.ts';

beforeEach(freshWorld);

const scan = (Severity: unknown) => ({
  gate: 'tests',
  format: 'trivy',
  document: {
    SchemaVersion: 2,
    ArtifactName: 'app',
    Results: [{ Target: 'app', Vulnerabilities: [{ VulnerabilityID: 'CVE-2026-0001', Severity }] }],
  },
});

describe('a scan that leaves a severity open', () => {
  it.each(['High', 'critical', 'UNKNOWN', 'severe', null])('keeps a promotion back: %s', async (severity) => {
    await asking();
    const { path } = await requested();
    const taken = await as('dev')('POST', `${path}/evidence`, scan(severity));
    expect(taken).toMatchObject({ status: 201, body: { result: { passed: false } } });
    expect(await stateOf(path)).toMatchObject({ status: 'blocked', blocked_by: ['tests'] });
  });

  it('lets it on where the gate’s thresholds allow unknown in so many words', async () => {
    await asking({
      thresholds: {
        all: [
          { field: 'critical', op: 'eq', value: 0 },
          { field: 'unknown', op: 'lte', value: 1 },
        ],
      },
    });
    const { path } = await requested();
    await as('dev')('POST', `${path}/evidence`, scan('UNKNOWN'));
    expect(await stateOf(path)).toMatchObject({ status: 'approved' });
  });
});

describe('a document that says a thing twice', () => {
  it('is refused as text, with the member named', async () => {
    await asking();
    const { subject } = await requested();
    const refused = await as('dev')('POST', EVIDENCE, {
      gate: 'tests',
      format: 'json',
      subject_digest: subject,
      document: '{"passed":false,"passed":true}',
    });
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'document', problem: 'the member passed is repeated' }] },
    });
  });
});
