import { json, type Sample } from './sample.ts';

const log = (run: object) =>
  json({ version: '2.1.0', runs: [{ tool: { driver: { name: 'CodeScanner' } }, ...run }] });
const driver = (rules: readonly object[], more: object = {}) => ({
  tool: { driver: { name: 'CodeScanner', rules }, ...more },
});
const message = { text: 'found' };
const error = { id: 'CA2101', defaultConfiguration: { level: 'error' } };
const note = { id: 'CA2101', defaultConfiguration: { level: 'note' } };
const scored = (score: unknown, level = 'note') => ({
  id: 'py/sqli',
  defaultConfiguration: { level },
  properties: { tags: ['security'], 'security-severity': score },
});
const of = (ruleId: string, more: object = {}) => ({ ruleId, message, ...more });

/** SARIF 2.1.0 logs. Numbers in `source` are sections of the OASIS standard; GitHub is its page "SARIF support for code scanning". */
export const SARIF: readonly Sample[] = [
  { source: '3.14.23: an empty list of results', text: log({ results: [] }), verdict: 'passes' },
  { source: '3.14.23: results absent, the tool did not look', text: log({}), verdict: 'says nothing' },
  {
    source: '3.27.10: a level given',
    text: log({ results: [{ message, level: 'error' }] }),
    verdict: 'fails',
    facts: { error_level: 1 },
    lifts: ['runs.0.results.0', 'runs.0.results.0.level'],
  },
  {
    source: '3.27.10: absent everywhere is warning',
    text: log({ results: [{ message }] }),
    verdict: 'passes',
    facts: { warning: 1 },
  },
  {
    source: '3.27.10: absent is the rule’s default',
    text: log({ ...driver([error]), results: [of('CA2101')] }),
    verdict: 'fails',
    facts: { error_level: 1 },
    lifts: [
      ...[
        'tool.driver.rules',
        'tool.driver.rules.0',
        'tool.driver.rules.0.id',
        'results.0',
        'results.0.ruleId',
      ],
      ...['tool.driver.rules.0.defaultConfiguration', 'tool.driver.rules.0.defaultConfiguration.level'],
    ].map((path) => `runs.0.${path}`),
  },
  {
    source: '3.27.10: a word that is no level',
    text: log({ results: [{ message, level: 'fatal' }] }),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: '3.27.10: letter case',
    text: log({ results: [{ message, level: 'Error' }] }),
    verdict: 'fails',
    facts: { error_level: 1 },
  },
  {
    source: '3.27.9: kind pass has no level',
    text: log({ ...driver([error]), results: [of('CA2101', { kind: 'pass' })] }),
    verdict: 'passes',
  },
  {
    source: '3.27.10: a kind other than fail with a level contradicts itself',
    text: log({ results: [{ message, kind: 'pass', level: 'error' }] }),
    verdict: 'fails',
    facts: { error_level: 1 },
  },
  {
    source: '3.27.9: kind review waits for a person',
    text: log({ ...driver([error]), results: [of('CA2101', { kind: 'review', level: 'none' })] }),
    verdict: 'fails',
  },
  {
    source: '3.27.9: a word that is no kind',
    text: log({ results: [{ message, kind: 'fine' }] }),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: '3.20.14: executionSuccessful false',
    text: log({ invocations: [{ executionSuccessful: false }], results: [] }),
    verdict: 'says nothing',
    lifts: ['runs.0.invocations', 'runs.0.invocations.0'],
  },
  {
    source: '3.20.14: executionSuccessful is required',
    text: log({ invocations: [{}], results: [] }),
    verdict: 'says nothing',
  },
  {
    source: '3.20.14: a text is no boolean',
    text: log({ invocations: [{ executionSuccessful: 'false' }], results: [] }),
    verdict: 'says nothing',
  },
  {
    source: '3.14.11: invocations is an array',
    text: log({ invocations: { executionSuccessful: false }, results: [] }),
    verdict: 'is refused',
  },
  {
    source: '3.58.6: a notification of level error: results are incomplete',
    text: log({
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: [{ level: 'error', message }] }],
      results: [],
    }),
    verdict: 'fails',
    facts: { unknown: 1 },
    lifts: [
      ...['', '.0', '.0.toolExecutionNotifications', '.0.toolExecutionNotifications.0'],
      '.0.toolExecutionNotifications.0.level',
    ].map((path) => `runs.0.invocations${path}`),
  },
  {
    source: '3.51.3: an override raises a rule (by index)',
    text: log({
      ...driver([note]),
      invocations: [
        {
          executionSuccessful: true,
          ruleConfigurationOverrides: [{ descriptor: { index: 0 }, configuration: { level: 'error' } }],
        },
      ],
      results: [of('CA2101', { provenance: { invocationIndex: 0 } })],
    }),
    verdict: 'fails',
    facts: { error_level: 1 },
  },
  {
    source: '3.51.3: an override lowers a rule for the invocation that the result names',
    text: log({
      ...driver([error]),
      invocations: [
        {
          executionSuccessful: true,
          ruleConfigurationOverrides: [{ descriptor: { id: 'CA2101' }, configuration: { level: 'warning' } }],
        },
      ],
      results: [of('CA2101', { provenance: { invocationIndex: 0 } })],
    }),
    verdict: 'passes',
  },
  {
    source: '3.27.10: an override lowers nothing for a result that names no invocation',
    text: log({
      ...driver([error]),
      invocations: [
        {
          executionSuccessful: true,
          ruleConfigurationOverrides: [{ descriptor: { id: 'CA2101' }, configuration: { level: 'note' } }],
        },
      ],
      results: [of('CA2101')],
    }),
    verdict: 'fails',
  },
  {
    source: '3.14.27: a policy raises a rule',
    text: log({ ...driver([note]), policies: [{ name: 'ours', rules: [error] }], results: [of('CA2101')] }),
    verdict: 'fails',
  },
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
