import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTable, TABLE_DEFINITION } from '../../functions/adapters/dynamodb/table.ts';
import { bundleFunctions } from '../../infra/bundle.ts';
import { startEngine, type TableEngine } from '../../local/table/engine.ts';
import { type Listener, listen } from '../support/listener.ts';
import { selfSigned } from '../support/self-signed.ts';
import { endpoints } from './fixtures/calls.ts';

const SPLIT = { name: 'split', entry: fileURLToPath(new URL('fixtures/split.ts', import.meta.url)) };
const CALLS = fileURLToPath(new URL('fixtures/calls.ts', import.meta.url));
const run = promisify(execFile);

let folder: string;
let metafile: Metafile;
let engine: TableEngine;
let services: Listener;
let secure: Listener;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-bundle-'));
  metafile = await bundleFunctions([{ name: 'calls', entry: CALLS }], folder);
  engine = await startEngine(folder);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const { client } = openTable('sluice', { endpoint: engine.endpoint, region: 'eu-west-1', credentials });
  await client.send(new CreateTableCommand({ TableName: 'sluice', ...TABLE_DEFINITION }));
  client.destroy();
  services = await listen(({ headers, body }, _, response) => {
    const { status, answer } = answerOf(String(headers['x-amz-target']), body);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
  });
  const tls = selfSigned('localhost');
  await writeFile(join(folder, 'ca.pem'), tls.cert);
  secure = await listen((_, __, response) => response.end('{"FailedEntryCount":7}'), { tls });
});

afterAll(async () => {
  await Promise.all([engine.stop(), services.stop(), secure.stop()]);
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

/** What the services say, in their own words; ask for a machine that timed out to get an error. */
function answerOf(target: string, body: string): { status: number; answer: object } {
  if (body.includes('arn:timed-out'))
    return { status: 400, answer: { __type: 'TaskTimedOut', message: 'late' } };
  switch (target) {
    case 'AWSStepFunctions.StartExecution':
      return { status: 200, answer: { executionArn: 'arn:execution', startDate: 1_700_000_000.5 } };
    case 'AWSEvents.PutEvents':
      return { status: 200, answer: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] } };
    case 'AmazonSQS.SendMessageBatch':
      // The client checks the sum: MD5 of "é".
      return {
        status: 200,
        answer: {
          Successful: [{ Id: 'a', MessageId: 'm', MD5OfMessageBody: '66ddcd97cfdeabb2f6fb8a999b4bc76f' }],
        },
      };
    case 'AmazonSQS.ChangeMessageVisibility':
      return { status: 404, answer: { __type: 'com.amazonaws.sqs#ReceiptHandleIsInvalid', message: 'none' } };
    default:
      return { status: 400, answer: { __type: 'ResourceNotFoundException', message: 'none' } };
  }
}

/** Runs one export of the bundle in a process of its own, with the variables that Lambda sets. */
async function call(name: string, environment: NodeJS.ProcessEnv = {}) {
  const code = `const bundle = await import(process.argv[1]); console.log(JSON.stringify(await bundle.${name}()));`;
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '-e', code, join(folder, 'calls/index.mjs')],
    {
      env: {
        TABLE_NAME: 'sluice',
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'AKIALOCAL',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_SESSION_TOKEN: 'session',
        ...environment,
      },
    },
  );
  return JSON.parse(stdout);
}

describe('a bundle', () => {
  it('is one file that imports nothing, built-in modules included', () => {
    const [output, ...more] = Object.values(metafile.outputs);
    expect(more).toEqual([]);
    expect(output?.imports.filter(({ external }) => external)).toEqual([]);
  });

  it('reads and writes the table as the whole SDK does, refusals included', async () => {
    expect(await call('tableCalls', { AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint })).toEqual({
      got: { PK: 'a', SK: 'b', n: 2, text: 'é \u{1F680}' },
      bytes: [0, 255],
      listed: [{ PK: 'a', SK: 'c', GSI1PK: 'list', GSI1SK: '1' }],
      batch: 1,
      cancelled: [expect.objectContaining({ Code: 'ConditionalCheckFailed' })],
      refused: true,
    });
  });

  it('signs for the region and with the session that the environment names', async () => {
    const url = `http://127.0.0.1:${services.port}`;
    const answers = await call('serviceCalls', {
      AWS_ENDPOINT_URL_SFN: url,
      AWS_ENDPOINT_URL_EVENTBRIDGE: url,
      AWS_ENDPOINT_URL_SQS: url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
    });
    expect(answers).toEqual({
      started: 'arn:execution',
      startedAt: '2023-11-14T22:13:20.500Z',
      timedOut: true,
      failedEntries: 1,
      sent: ['m'],
      postponed: true,
      missing: true,
    });
    expect(services.received).toHaveLength(6);
    for (const { headers } of services.received) {
      expect(headers.authorization).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AKIALOCAL\/\d{8}\/eu-west-1\/(states|events|sqs|secretsmanager)\/aws4_request/,
      );
      expect(headers['x-amz-security-token']).toBe('session');
    }
  });

  it('speaks TLS, and to nobody whose certificate it cannot check', async () => {
    const endpoint = { SECURE_ENDPOINT: `https://localhost:${secure.port}` };
    expect(await call('secureCall', { ...endpoint, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') })).toBe(7);
    await expect(call('secureCall', endpoint)).rejects.toThrow(/self-signed certificate/);
  });

  it('finds the services of every region as the whole SDK does', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    const whole = await endpoints();
    expect(new Set(whole).size).toBe(whole.length);
    expect(await call('endpoints')).toEqual(whole);
  });

  it('says so when there are no credentials in the environment', async () => {
    const nobody = { AWS_ACCESS_KEY_ID: '', AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint };
    await expect(call('tableCalls', nobody)).rejects.toThrow(/environment variable credentials/);
  });
});

describe('bundling', () => {
  it('loads on demand from chunks beside the entry, and each module once', async () => {
    const { outputs } = await bundleFunctions([SPLIT], folder);
    const names = Object.keys(outputs).map((name) => name.split('/').at(-1));
    expect(names).toContainEqual(expect.stringMatching(/^split-late-[0-9A-F]{8}\.mjs$/));
    const { handler } = await import(join(folder, 'split/index.mjs'));
    // A class that both sides import is one class: a fault that the late side throws is known to the early one.
    expect(await handler()).toEqual({ known: true, name: 'Unavailable' });
  });

  it('is one file that has them too where all is to be in one', async () => {
    const out = join(folder, 'whole');
    const { outputs } = await bundleFunctions([SPLIT], out, { inOne: true });
    expect(Object.keys(outputs).map((name) => name.split('/').at(-1))).toEqual(['index.mjs']);
    const { handler } = await import(join(out, 'split/index.mjs'));
    expect(await handler()).toEqual({ known: true, name: 'Unavailable' });
  });

  it('names chunks alike with and without source maps', async () => {
    const modules = async (more: object) =>
      Object.keys((await bundleFunctions([SPLIT], join(folder, 'maps'), more)).outputs).filter((name) =>
        name.endsWith('.mjs'),
      );
    expect(await modules({ sourcemap: 'external' })).toEqual(await modules({}));
  });

  it('names every function that has no source', async () => {
    const entries = ['a', 'b'].map((name) => ({ name, entry: join(folder, `${name}.ts`) }));
    await expect(bundleFunctions(entries, folder)).rejects.toThrow(/a\.ts.*b\.ts/);
  });
});
