import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../infra/functions.ts';
import { GatewayServer } from '../support/gateway.ts';
import { grantedTo, needs } from '../support/grants.ts';
import { type Recording, readRecording, recordedAssembly } from '../support/recorded-assembly.ts';
import { deployedAssembly, type Runtime, startRuntime } from '../support/runtime.ts';
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
  await recordedAssembly(await deployedAssembly(), assemblyDir, log);
  gateway = await GatewayServer.start();
  slack = await SlackServer.start();
  const environment = { SLUICE_LOCAL_CLOCK: 'adjustable', SLUICE_SLACK_API_URL: slack.api };
  runtime = await startRuntime(environment, { assemblyDir });
  await doEverything(runtime, gateway, slack, log);
  recording = await readRecording(log);
});
afterAll(async () => {
  await Promise.all([runtime?.stop(), gateway?.stop(), slack?.stop()]);
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

/** Grants by key: which keys a function writes is seen only when it does. */
const isKeyGrant = (grant: string): boolean => grant.startsWith('dynamodb writes ');

describe('each function, in everything it was seen to do,', () => {
  it.each(FUNCTIONS.map(({ name }) => name))('%s is granted what it needs', (name) => {
    const needed = new Set((recording.get(name) ?? []).flatMap(needs));
    expect(needed.size).toBeGreaterThan(0);
    const granted = grantedTo(name);
    expect(
      [...needed].filter((need) => !granted.includes(need)),
      'not granted',
    ).toEqual([]);
    expect(
      granted.filter((grant) => isKeyGrant(grant) && !needed.has(grant)),
      'keys never written',
    ).toEqual([]);
  });

  it.each(['catalog', 'seed'] as const)('%s writes who may do what', (name) => {
    const needed = (recording.get(name) ?? []).flatMap(needs);
    expect(needed.some((need) => need.endsWith(' any key'))).toBe(true);
  });
});
