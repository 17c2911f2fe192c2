import { describe, expect, it } from 'vitest';
import { readReport } from '../../../functions/domain/evidence/read-report.ts';
import { MAX_RESULT } from '../../../functions/domain/evidence/report.ts';

const SUBJECT = `sha256:${'a'.repeat(64)}` as const;
const read = (format: 'json' | 'sarif' | 'k6' | 'in-toto', document: object) =>
  readReport(format, JSON.stringify(document), SUBJECT);

describe('a JSON report', () => {
  const sized = (length: number) => ({ passed: true, text: 'x'.repeat(length) });
  const frame = JSON.stringify(sized(0)).length;

  it('may have as many characters of facts as a result holds, and no more', () => {
    expect(read('json', sized(MAX_RESULT - frame))).toHaveProperty('result');
    expect(read('json', sized(MAX_RESULT - frame + 1))).toHaveProperty('unreadable');
  });
});

describe('a SARIF result', () => {
  const message = { text: 'found' };
  const run = (rules: readonly object[], results: readonly object[], more: object = {}) => ({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'CodeScanner', rules } }, results, ...more }],
  });
  const factsOf = (...asked: Parameters<typeof run>) => {
    const reading = read('sarif', run(...asked));
    if (!('result' in reading)) throw new Error(reading.unreadable);
    return reading.result;
  };
  const error = { id: 'A1', defaultConfiguration: { level: 'error' } };

  it('names a rule by its id, whether or not rules have a guid', () => {
    const other = { id: 'B2', defaultConfiguration: { level: 'error' } };
    const results = [
      { ruleId: 'A1', message },
      { ruleId: 'B2', message },
    ];
    expect(factsOf([error, other], results)).toMatchObject({ error_level: 2 });
  });

  it('of a score of 0 has no severity: CVSS calls it none', () => {
    for (const score of ['0.0', 0]) {
      const rule = { ...error, properties: { 'security-severity': score } };
      expect(factsOf([rule], [{ ruleId: 'A1', message }])).toMatchObject({ error_level: 1, low: 0 });
    }
    const rule = { ...error, properties: { 'security-severity': '0.1' } };
    expect(factsOf([rule], [{ ruleId: 'A1', message }])).toMatchObject({ low: 1 });
  });

  it.each([
    ['10.0', 'critical'],
    ['9.0', 'critical'],
    ['8.9', 'high'],
    ['7.0', 'high'],
    ['6.9', 'medium'],
    ['4.0', 'medium'],
    ['3.9', 'low'],
  ])('of a score of %s is %s', (score, severity) => {
    const rule = { ...error, properties: { 'security-severity': score } };
    expect(factsOf([rule], [{ ruleId: 'A1', message }])).toMatchObject({ [severity]: 1 });
  });

  it('that says nothing went wrong has no error', () => {
    expect(factsOf([error], [])).not.toHaveProperty('error');
  });

  it.each([
    ['an index that is a text', { index: '0' }],
    ['an index that no extension has', { index: 1 }],
  ])('whose rule is in a component named by %s is not sure', (_, toolComponent) => {
    const tool = { driver: { name: 'CodeScanner' }, extensions: [{ name: 'more', rules: [error] }] };
    const of = (component: unknown) =>
      factsOf([], [{ message, rule: { id: 'A1', toolComponent: component } }], { tool });
    expect(of({ index: 0 })).not.toHaveProperty('unknown');
    expect(of(toolComponent)).toMatchObject({ unknown: 1 });
  });

  it('of a rule whose id and guid are one text means that rule alone', () => {
    const guid = '11111111-1111-4111-8111-111111111111';
    expect(factsOf([{ ...error, id: guid, guid }], [{ ruleId: guid, message }])).not.toHaveProperty(
      'unknown',
    );
    const twice = [
      { ...error, guid },
      { ...error, id: guid },
    ];
    expect(factsOf(twice, [{ ruleId: guid, message }])).toMatchObject({ unknown: 1 });
  });

  it('of an id that begins with a slash is part of no rule', () => {
    expect(factsOf([{ ...error, id: '' }], [{ ruleId: '/A1', message }])).toMatchObject({
      error_level: 0,
      warning: 1,
    });
  });

  it.each([
    ['the very id', 'A1', false],
    ['a part of it', 'A1/x', false],
    ['another id that begins alike', 'A1x', true],
    ['less than the id', 'A', true],
  ])('that names a rule by index and by %s is as sure as both agree', (_, ruleId, unsure) => {
    const facts = factsOf([error], [{ ruleId, ruleIndex: 0, message }]);
    expect('unknown' in facts).toBe(unsure);
  });

  it('of an id beyond what is read is not sure', () => {
    const long = 'A'.repeat(2_000);
    expect(factsOf([{ ...error, id: long }], [{ ruleId: long, message }])).toMatchObject({ unknown: 1 });
  });

  it('under an override to a level that nobody knows is not sure', () => {
    const overridden = (configuration: object) => ({
      invocations: [
        {
          executionSuccessful: true,
          ruleConfigurationOverrides: [{ descriptor: { id: 'A1' }, configuration }],
        },
      ],
    });
    const results = [{ ruleId: 'A1', message }];
    expect(factsOf([error], results, overridden({ level: 'note' }))).not.toHaveProperty('unknown');
    expect(factsOf([error], results, overridden({ level: 'grave' }))).toMatchObject({ unknown: 1 });
    expect(factsOf([error], [], overridden({ level: 'grave' }))).toMatchObject({ unknown: 1 });
    expect(factsOf([error], results, overridden({ enabled: true }))).toMatchObject({ error_level: 1 });
    expect(factsOf([error], results, overridden({ enabled: true }))).not.toHaveProperty('unknown');
    const grave = { ...error, defaultConfiguration: { level: 'grave' } };
    expect(factsOf([grave], results, overridden({ level: 'note' }))).toMatchObject({ unknown: 1 });
  });
});

describe('a k6 metric', () => {
  const summary = (values: object) => ({
    root_group: { name: '', path: '', id: 'd41d8cd98f00b204e9800998ecf8427e', groups: [], checks: [] },
    metrics: { iterations: { count: 120, rate: 12 }, http_req_duration: values },
  });

  it('without one of its values has the others, and no text passes for a number', () => {
    expect(read('k6', summary({ avg: 202.95, 'p(99)': null, thresholds: {} }))).toMatchObject({
      result: { metrics: { http_req_duration: { avg: 202.95 } } },
    });
    expect(read('k6', summary({ avg: '202.95', thresholds: {} }))).toHaveProperty('unreadable');
  });
});

describe('provenance', () => {
  const statement = (metadata: object) => ({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'app', digest: { sha256: 'a'.repeat(64) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: { buildType: 'https://example.com/build', externalParameters: {} },
      runDetails: { builder: { id: 'https://example.com/builder' }, metadata },
    },
  });

  it.each([
    ['when the build ended', { startedOn: '2026-11-20T09:00:00Z', finishedOn: '2026-11-20T10:00:00Z' }, '10'],
    ['when it began, where no end is given', { startedOn: '2026-11-20T09:00:00Z' }, '09'],
  ])('was produced %s', (_, metadata, hour) => {
    expect(read('in-toto', statement(metadata))).toMatchObject({
      produced_at: `2026-11-20T${hour}:00:00Z`,
    });
  });

  it('that names no moment was produced at none, and no other text is a moment', () => {
    expect(read('in-toto', statement({}))).not.toHaveProperty('produced_at');
    expect(read('in-toto', statement({ finishedOn: 'yesterday' }))).toHaveProperty('unreadable');
  });

  it('may have as many characters of facts as a result holds, and no more', () => {
    const sized = (length: number) => {
      const { predicate, ...rest } = statement({});
      const externalParameters = { text: 'x'.repeat(length) };
      const buildDefinition = { ...predicate.buildDefinition, externalParameters };
      return { ...rest, predicate: { ...predicate, buildDefinition } };
    };
    const lengthOf = (document: object) => {
      const reading = read('in-toto', document);
      if (!('result' in reading)) throw new Error(reading.unreadable);
      return JSON.stringify(reading.result).length;
    };
    const most = MAX_RESULT - lengthOf(sized(0));
    expect(lengthOf(sized(most))).toBe(MAX_RESULT);
    expect(read('in-toto', sized(most + 1))).toHaveProperty('unreadable');
  });
});

describe('a summary of a verification', () => {
  it('has its levels cut to what a result shows', () => {
    const level = `ACME_${'X'.repeat(100)}`;
    const predicate = {
      verifier: { id: 'https://example.com/verifier' },
      timeVerified: '2026-11-20T10:00:00Z',
      resourceUri: 'pkg:oci/app',
      policy: { uri: 'https://example.com/policy' },
      verificationResult: 'PASSED',
      verifiedLevels: ['SLSA_BUILD_LEVEL_3', level],
      slsaVersion: '1.0',
    };
    const document = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'app', digest: { sha256: 'a'.repeat(64) } }],
      predicateType: 'https://slsa.dev/verification_summary/v1',
      predicate,
    };
    expect(read('in-toto', document)).toMatchObject({
      result: { levels: ['SLSA_BUILD_LEVEL_3', level.slice(0, 64)] },
    });
  });
});

describe('an estimate of costs', () => {
  const estimate = (more: object) =>
    readReport(
      'infracost',
      JSON.stringify({
        ...{ version: '0.2', currency: 'USD', timeGenerated: '2026-11-20T10:00:00Z', projects: [] },
        ...{ totalMonthlyCost: '70', pastTotalMonthlyCost: '50', diffTotalMonthlyCost: '20' },
        ...more,
      }),
      SUBJECT,
    );

  it('says what was paid before, where that is known', () => {
    expect(estimate({})).toMatchObject({
      result: { past_monthly_cost: 50, monthly_cost_change_percent: 40 },
    });
    const first = estimate({ pastTotalMonthlyCost: null, diffTotalMonthlyCost: null });
    expect(first).toMatchObject({ result: { monthly_cost: 70 } });
    expect(first).not.toHaveProperty('result.past_monthly_cost');
    expect(estimate({ pastTotalMonthlyCost: '0' })).not.toHaveProperty('result.monthly_cost_change_percent');
  });

  it.each([-1, 1.5, '2', null, 1e300])('cannot be read where %j resources are not supported', (count) => {
    const reading = estimate({ summary: { totalUnsupportedResources: count } });
    if (count === null) expect(reading).toMatchObject({ result: { unknown: 0 } });
    else expect(reading).toHaveProperty('unreadable', expect.stringContaining('totalUnsupportedResources'));
  });
});

it('a byte order mark before a document is no part of it, and one behind it is', () => {
  expect(readReport('json', '\uFEFF{"passed":true}', SUBJECT)).toHaveProperty('result');
  expect(readReport('json', '{"passed":true}\uFEFF', SUBJECT)).toHaveProperty('unreadable');
});
