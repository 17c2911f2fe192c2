import type { Sample } from './sample.ts';
import { driver, error, log, message, note, of } from './sarif-logs.ts';
import { SARIF_RULES } from './sarif-rules.ts';

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
  ...SARIF_RULES,
];
