import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FUNCTIONS, type FunctionName } from '../../infra/functions.ts';
import { GatewayServer } from '../support/gateway.ts';
import { ALARMS, grantedTo, needs } from '../support/grants.ts';
import { type Recording, readRecording, recordedAssembly } from '../support/recorded-assembly.ts';
import { type Runtime, realAssembly, startRuntime } from '../support/runtime.ts';
import { SlackServer } from '../support/slack.ts';
import { doEverything } from './everything.ts';

let folder: string;
let runtime: Runtime;
let gateway: GatewayServer;
let slack: SlackServer;
let recording: Recording;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-recorded-'));
  const [assemblyDir, log] = [join(folder, 'assembly'), join(folder, 'calls.jsonl')];
  await recordedAssembly(await realAssembly(), assemblyDir, log);
  gateway = await GatewayServer.start();
  slack = await SlackServer.start();
  const environment = { SLUICE_LOCAL_CLOCK: 'adjustable', SLUICE_SLACK_API_URL: slack.api };
  runtime = await startRuntime(environment, { assemblyDir });
  await doEverything(runtime, gateway, slack);
  recording = await readRecording(log);
}, 180_000);
afterAll(async () => {
  await Promise.all([runtime?.stop(), gateway?.stop(), slack?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** Grants that this run may not reach, and what would. */
const RARE: { readonly [name in FunctionName]?: readonly string[] } = {
  // An execution that is over although its promotion is not: the next attempt begins. And alarms that no request sets: evidence or
  // an assessment completes what a time is set for, a freeze puts it off.
  deployments: ['states:StartExecution'],
  evidence: ['states:StartExecution', ...ALARMS],
  sweep: ['states:StartExecution', 'dynamodb:ConditionCheckItem', ...ALARMS],
  fire: ['states:StartExecution', 'dynamodb:ConditionCheckItem', 'events:PutEvents', ...ALARMS],
  // A machine asks: it is looked up by its role.
  audit: ['dynamodb:GetItem'],
  // An assessment by the step: of what is blocked, or of what a broken seal took back.
  assess: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'events:PutEvents', ...ALARMS],
  // An attempt that has lived 60 days, and is due at once; a promotion that went on before its token was kept.
  await: ['dynamodb:UpdateItem', 'states:SendTaskSuccess'],
  // A change set whose tree has many nodes; an execution that is over although its promotion is not; an alarm that another one set.
  approvals: [
    'dynamodb:BatchGetItem',
    'states:StartExecution',
    'scheduler:UpdateSchedule',
    'scheduler:DeleteSchedule',
  ],
  // A commit that never got its answer: its events are looked up.
  settle: ['dynamodb:Query'],
  // A gateway that changed its driver after the decision to execute without waiting.
  execute: ['secretsmanager:GetSecretValue'],
  // A promotion that waits for approval is announced at once. And a request whose commit never got its answer, and that
  // waits for its execution by the time it is looked up.
  'auto-promote': ['dynamodb:UpdateItem', 'events:PutEvents', 'states:SendTaskSuccess'],
  // A message that nobody can read.
  deliver: ['sqs:SendMessage deliveries-dead'],
  // The authors of configuration that is approved; a commit that never got its answer; a message that nobody can read.
  'slack-act': ['dynamodb:Query', 'states:StartExecution', 'sqs:SendMessage slack-actions-dead'],
  // A walk over all tenants that an earlier run had to leave unfinished.
  garbage: ['dynamodb:PutItem'],
  // Only the tenants, people and machines that it creates have such keys; the grant knows no difference.
  seed: ['dynamodb:BatchWriteItem any key'],
  // The same, and a walk over all tenants that an earlier run had to leave unfinished.
  'evaluate-rules': ['states:SendTaskSuccess', 'dynamodb:DeleteItem'],
};

describe('each function, in everything it was seen to do,', () => {
  it.each(FUNCTIONS.map(({ name }) => name))('%s is granted exactly what it needs', (name) => {
    const needed = new Set((recording.get(name) ?? []).flatMap(needs));
    const granted = grantedTo(name);
    expect(
      [...needed].filter((need) => !granted.includes(need)),
      'not granted',
    ).toEqual([]);
    const idle = granted.filter((grant) => !needed.has(grant));
    expect(
      idle.filter((grant) => !RARE[name]?.includes(grant)),
      'never used',
    ).toEqual([]);
  });
});
