import { json, type Sample } from './sample.ts';
import { driver, error, log, message, note, of, scored } from './sarif-logs.ts';

/** More of them: scores, rules, suppressions, and what is no log. */
export const SARIF_RULES: readonly Sample[] = [
  {
    source: 'GitHub: security-severity over 9.0 is critical',
    text: log({ ...driver([scored('9.8')]), results: [of('py/sqli')] }),
    verdict: 'fails',
    facts: { critical: 1 },
  },
  {
    source: 'GitHub: 7.0 to 8.9 is high, as a number too',
    text: log({ ...driver([scored(7)]), results: [of('py/sqli')] }),
    verdict: 'fails',
    facts: { high: 1 },
  },
  {
    source: 'GitHub: 4.0 to 6.9 is medium',
    text: log({ ...driver([scored('6.9')]), results: [of('py/sqli')] }),
    verdict: 'passes',
    facts: { medium: 1 },
  },
  {
    source: 'GitHub: a severity that is no score',
    text: log({ ...driver([scored('HIGH')]), results: [of('py/sqli')] }),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: 'GitHub: a score beyond 10',
    text: log({ ...driver([scored('98')]), results: [of('py/sqli')] }),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: 'GitHub: level none does not hide a score',
    text: log({ ...driver([scored('9.8')]), results: [of('py/sqli', { level: 'none' })] }),
    verdict: 'fails',
    facts: { critical: 1 },
  },
  {
    source: '3.54.4: a tool component by guid',
    text: log({
      ...driver([{ id: 'x/rule' }], {
        extensions: [
          { name: 'other', guid: '11111111-1111-4111-8111-111111111111', rules: [{ id: 'x/rule' }] },
          {
            name: 'pack',
            guid: '22222222-2222-4222-8222-22222222222a',
            rules: [{ ...scored('9.8'), id: 'x/rule' }],
          },
        ],
      }),
      results: [
        {
          message,
          rule: { id: 'x/rule', index: 0, toolComponent: { guid: '22222222-2222-4222-8222-22222222222A' } },
        },
      ],
    }),
    verdict: 'fails',
    facts: { critical: 1 },
  },
  {
    source: '3.54.4: a guid that no component has',
    text: log({
      results: [
        { message, rule: { id: 'x', toolComponent: { guid: '33333333-3333-4333-8333-333333333333' } } },
      ],
    }),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: '3.27.6: a ruleIndex beyond the rules',
    text: log({ ...driver([note]), results: [of('CA2101', { ruleIndex: 7 })] }),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: '3.27.6: a ruleIndex in words',
    text: log({ ...driver([note]), results: [of('CA2101', { ruleIndex: '0' })] }),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: '3.27.6: ruleIndex -1 is none',
    text: log({ ...driver([note]), results: [of('CA2101', { ruleIndex: -1 })] }),
    verdict: 'passes',
  },
  {
    source: '3.27.6: ruleIndex and ruleId of two rules: the worse of them',
    text: log({ ...driver([scored('9.8'), note]), results: [of('py/sqli', { ruleIndex: 1 })] }),
    verdict: 'fails',
    facts: { critical: 1, unknown: 1 },
  },
  {
    source: '3.5.4: a hierarchical id',
    text: log({ ...driver([error]), results: [of('CA2101/1/2')] }),
    verdict: 'fails',
    facts: { error_level: 1 },
  },
  {
    source: '3.49.3: rules may share an id, an index tells them apart',
    text: log({ ...driver([note, error]), results: [of('CA2101', { ruleIndex: 1 })] }),
    verdict: 'fails',
    facts: { error_level: 1 },
  },
  {
    source: '3.19.23: rules are objects',
    text: log({ ...driver([error, 'CA1000' as never]), results: [of('CA2101')] }),
    verdict: 'is refused',
  },
  {
    source: '3.35.3: accepted suppressions',
    text: log({
      results: [{ message, level: 'error', suppressions: [{ kind: 'external', status: 'accepted' }] }],
    }),
    verdict: 'passes',
    facts: { suppressed: 1 },
  },
  {
    source: '3.35.3: one suppression under review',
    text: log({
      results: [
        {
          message,
          level: 'error',
          suppressions: [{ kind: 'inSource' }, { kind: 'external', status: 'underReview' }],
        },
      ],
    }),
    verdict: 'fails',
  },
  {
    source: '3.35.2: a suppression without a kind is none',
    text: log({ results: [{ message, level: 'error', suppressions: [{}] }] }),
    verdict: 'fails',
  },
  {
    source: '3.27.24: baselineState absent',
    text: log({ results: [{ message, level: 'error', baselineState: 'absent' }] }),
    verdict: 'passes',
  },
  {
    source: '3.15.2: results in a file beside the log',
    text: log({
      results: [],
      externalPropertyFileReferences: { results: [{ location: { uri: 'r.json' } }] },
    }),
    verdict: 'says nothing',
  },
  {
    source: '.NET reads members in any letter case',
    text: log({ results: [{ message, Level: 'error' }] }),
    verdict: 'is refused',
  },
  {
    source: 'ESLint’s formatter: every rule an entry, no default level',
    text: log({
      ...driver([{ id: 'no-eval', helpUri: 'https://eslint.org' }]),
      invocations: [{ executionSuccessful: true }],
      results: [of('no-eval', { level: 'error', ruleIndex: 0 })],
    }),
    verdict: 'fails',
  },
  {
    source: '3.9: endTimeUtc is an instant in UTC',
    text: log({ invocations: [{ executionSuccessful: true, endTimeUtc: 1_700_000_000 }], results: [] }),
    verdict: 'is refused',
  },
  { source: 'version 2.0.0', text: json({ version: '2.0.0', runs: [] }), verdict: 'is refused' },
];
