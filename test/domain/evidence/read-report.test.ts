import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlainFormat, readReport } from '../../../functions/domain/evidence/read-report.ts';
import { FORMATS, MAX_FETCHED } from '../../../functions/domain/evidence/report.ts';
import { expectLinear } from '../../support/growth.ts';
import { inTurn, times } from '../../support/length.ts';
import { JSON_SAMPLES } from './corpus/samples.ts';

const SUBJECT = `sha256:${'a'.repeat(64)}` as const;
const OTHER = `sha256:${'b'.repeat(64)}` as const;
const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const read = (format: PlainFormat, text: string | object, subject: typeof SUBJECT | typeof OTHER = SUBJECT) =>
  readReport(format, typeof text === 'string' ? text : JSON.stringify(text), subject);
const junit = (inside: string) => read('junit', inside);

describe('JUnit', () => {
  it('reads Surefire 3: flaky failures are no failures, and markup in output is none', () => {
    expect(junit(fixture('surefire-3.xml'))).toEqual({
      result: {
        passed: true,
        total: 4,
        executed: 3,
        failed: 0,
        errors: 0,
        skipped: 1,
        suites: 1,
        pass_rate: 100,
      },
    });
  });

  it('reads pytest 8: failures and errors under testsuites', () => {
    expect(junit(fixture('pytest-8.xml'))).toMatchObject({
      result: { passed: false, total: 4, executed: 3, failed: 1, errors: 1, skipped: 1, pass_rate: 33.33 },
    });
  });

  it('counts elements where attributes are missing or say less', () => {
    const failing = '<testcase name="a"><failure/><failure/><error/></testcase>';
    expect(junit(`<testsuite>${failing}</testsuite>`)).toMatchObject({
      result: { errors: 1, failed: 0, total: 1 },
    });
    const lying = `<testsuite failures="0" errors="0" tests="9">${failing}</testsuite>`;
    expect(junit(lying)).toMatchObject({ result: { passed: false, total: 1 } });
  });

  it('counts failures that are declared and not there, once over nested suites', () => {
    const crashed =
      '<testsuites failures="2"><testsuite failures="2"><testcase name="a"/></testsuite></testsuites>';
    expect(junit(crashed)).toMatchObject({ result: { passed: false, failed: 2 } });
    const nested =
      '<testsuite><testsuite><testcase name="a"><failure/></testcase></testsuite><testcase name="b"/></testsuite>';
    expect(junit(nested)).toMatchObject({ result: { failed: 1, total: 2, suites: 2 } });
  });

  it('takes a suite that broke before its cases for broken', () => {
    expect(junit('<testsuite><error/><testcase name="a"/></testsuite>')).toMatchObject({
      result: { passed: false, errors: 1 },
    });
  });

  it.each([
    '<testsuite/>',
    '<testsuites/>',
    '<testsuite tests="10"/>',
    '<testsuite><testcase name="a"><skipped/></testcase></testsuite>',
    '<testsuite><testcase name="disabled by gtest" status="notrun"/></testsuite>',
  ])('never passes where nothing was executed: %s', (text) => {
    expect(junit(text)).toMatchObject({ result: { passed: false, error: 'no test was executed' } });
  });

  it.each([
    ['another root', '<report><testcase name="a"/></report>'],
    ['an open element', '<testsuite><testcase name="a">'],
    ['two roots', '<testsuite/><testsuite/>'],
    ['nothing', ' \n'],
    ['text', 'all green'],
    ['a half', fixture('surefire-3.xml').slice(0, 400)],
    ['an entity bomb', bomb()],
    [
      'an external entity',
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><testsuite>&e;</testsuite>',
    ],
    ['an undefined entity', '<testsuite name="&e;"><testcase name="a"/></testsuite>'],
    ['deep nesting', `${'<testsuite>'.repeat(100_000)}`],
  ])('refuses %s', (_, text) => {
    expect(junit(text)).toMatchObject({ field: 'document' });
  });
});

describe('SARIF', () => {
  const sarif = () => JSON.parse(fixture('sarif-2.1.0.json'));

  it('reads 2.1.0: levels by rule, extension and default, suppressed and vanished results aside', () => {
    expect(read('sarif', sarif())).toEqual({
      result: {
        passed: true,
        total: 3,
        error_level: 0,
        warning: 2,
        note: 1,
        none: 1,
        suppressed: 1,
        critical: 0,
        high: 0,
        medium: 1,
        low: 0,
      },
    });
  });

  it('counts a result whose suppression is rejected or under review', () => {
    for (const status of ['rejected', 'underReview']) {
      const report = sarif();
      report.runs[0].results[0].suppressions = [{ kind: 'external', status }];
      expect(read('sarif', report)).toMatchObject({ result: { passed: false, error_level: 1, critical: 1 } });
    }
  });

  it.each<[string, (report: ReturnType<typeof sarif>) => void, string]>([
    ['no results', (report) => delete report.runs[0].results, 'a run has no results'],
    ['null results', (report) => (report.runs[0].results = null), 'a run has no results'],
    [
      'a tool that broke',
      (report) => (report.runs[0].invocations[0].executionSuccessful = false),
      'a run did not succeed',
    ],
    ['no runs', (report) => (report.runs = []), 'no tool was run'],
  ])('is an error with %s', (_, change, error) => {
    const report = sarif();
    change(report);
    expect(read('sarif', report)).toMatchObject({ result: { passed: false, error } });
  });

  it('passes on an empty list: the tool looked and found nothing', () => {
    const report = sarif();
    report.runs[0].results = [];
    expect(read('sarif', report)).toMatchObject({ result: { passed: true, total: 0 } });
  });

  it('takes a level it does not know for an error', () => {
    const report = sarif();
    report.runs[0].results = [{ level: 'fatal', message: { text: 'new' } }];
    expect(read('sarif', report)).toMatchObject({ result: { passed: false, error_level: 1 } });
  });

  it.each([{ version: '2.0.0', runs: [] }, { version: '2.1.0' }, { version: '2.1.0', runs: [{}] }])(
    'refuses another shape: %o',
    (report) => expect(read('sarif', report)).toMatchObject({ field: 'document' }),
  );
});

describe('Trivy', () => {
  const trivy = () => JSON.parse(fixture('trivy-0.58.json'));

  it('reads 0.58, SchemaVersion 2: every occurrence, absent lists as empty ones, its own date', () => {
    expect(read('trivy', trivy())).toEqual({
      result: {
        passed: false,
        total: 5,
        critical: 0,
        high: 2,
        medium: 0,
        low: 2,
        unknown: 1,
        fixable: 1,
        targets: 3,
        artifact: 'registry.acme.com/app:1.0',
      },
      produced_at: '2026-11-21T08:30:00.123456789+01:00',
    });
  });

  it('passes an image without findings, and not one without targets', () => {
    const clean = { ...trivy(), Results: trivy().Results.slice(0, 1) };
    const named = read('trivy', { ...clean, ArtifactName: 'x'.repeat(600) });
    expect(named).toMatchObject({ result: { artifact: 'x'.repeat(512) } });
    expect(read('trivy', clean)).toMatchObject({ result: { passed: true, total: 0 } });
    const { Results: _, ...none } = trivy();
    for (const report of [none, { ...none, Results: null }, { ...none, Results: [] }]) {
      expect(read('trivy', report)).toMatchObject({
        result: { passed: false, error: 'nothing was scanned' },
      });
    }
  });

  it('is not about another image', () => {
    expect(read('trivy', trivy(), OTHER)).toMatchObject({ field: 'subject_digest' });
    const { Metadata: _, ...filesystem } = trivy();
    expect(read('trivy', filesystem, OTHER)).toHaveProperty('result');
    expect(read('trivy', { ...filesystem, ArtifactName: `app@${SUBJECT}` }, OTHER)).toHaveProperty(
      'unreadable',
    );
  });

  it.each([{ ArtifactName: 'x' }, { SchemaVersion: 1, ArtifactName: 'x' }, [{ Target: 'x' }]])(
    'refuses another shape: %o',
    (report) => expect(read('trivy', report)).toMatchObject({ field: 'document' }),
  );

  it('refuses lists that are none', () => {
    const report = trivy();
    report.Results[1].Vulnerabilities = { 0: {} };
    expect(read('trivy', report)).toMatchObject({ field: 'document' });
  });
});

describe('plain JSON', () => {
  it('is its own normal form', () => {
    expect(
      read('json', { passed: true, latency: { p99: 12.5 }, produced_at: '2026-11-21T08:00:00Z' }),
    ).toEqual({
      result: { passed: true, latency: { p99: 12.5 }, produced_at: '2026-11-21T08:00:00Z' },
      produced_at: '2026-11-21T08:00:00Z',
    });
  });

  it.each([
    '{}',
    '[]',
    'true',
    '{"passed":"true"}',
    '{"passed":1}',
    '{"a":9007199254740993}',
    '{"a":"\\ud800"}',
    '{"a":',
    `{"a":"${'x'.repeat(17_000)}"}`,
    `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`,
  ])('refuses %#', (text) => expect(read('json', text)).toMatchObject({ field: 'document' }));

  it('is not about another digest', () => {
    expect(read('json', { passed: true, subject_digest: SUBJECT })).toHaveProperty('result');
    expect(read('json', { passed: true, subject_digest: OTHER })).toMatchObject({ field: 'subject_digest' });
  });
});

const PLAIN: readonly PlainFormat[] = FORMATS.filter((format) => format !== 'cosign');

describe.each(PLAIN)('any %s document', (format) => {
  it('of 50 MB is refused', () => {
    const text = 'x'.repeat(50_000_000);
    expect(read(format, text)).toMatchObject({ unreadable: 'the document is too large' });
  });

  it('costs as much more as it is larger, up to the greatest size', () => {
    const parts = ['<testsuite><testcase name="a"/>', '[[[[', '{"a":{', '"\\', '<![CDATA[', '&amp;', '<!--'];
    // In `npm test` every second part, the others for the next format.
    for (const part of inTurn(parts, 2, PLAIN.indexOf(format))) {
      expectLinear((size) => read(format, part.repeat(size / part.length)), MAX_FETCHED, part);
    }
  });

  it('is read or refused, whatever it is, and never passes by accident', () => {
    const texts = fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(texts, (text) => {
        const reading = readReport(format, text, SUBJECT);
        if ('unreadable' in reading || format === 'json') return;
        expect(reading.result['passed']).not.toBe(true);
      }),
      { numRuns: times(25, 1_200) },
    );
  });

  it('cut short anywhere is never a pass that the whole was not', () => {
    const firstOf = (wanted: string) => JSON_SAMPLES.find(([name]) => name === wanted)?.[1][0]?.text ?? '';
    const wholes: { readonly [of in PlainFormat]: string } = {
      junit: fixture('pytest-8.xml'),
      sarif: fixture('sarif-2.1.0.json'),
      trivy: fixture('trivy-0.58.json'),
      json: fixture('trivy-0.58.json'),
      grype: firstOf('grype'),
      infracost: firstOf('infracost'),
      k6: firstOf('k6'),
      'in-toto': firstOf('in-toto'),
    };
    const whole = wholes[format].trimEnd();
    expect(whole.length).toBeGreaterThan(100);
    for (let end = 0; end < whole.length; end += 7) {
      expect(read(format, whole.slice(0, end)), String(end)).toHaveProperty('unreadable');
    }
  });
});

function bomb(): string {
  const entities = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`);
  return `<?xml version="1.0"?><!DOCTYPE b [<!ENTITY l0 "lol">${entities.join('')}]><testsuite name="&l9;"/>`;
}
