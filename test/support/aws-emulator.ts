import { spawn } from 'node:child_process';
import { zipSync } from 'fflate';
import { freePort } from '../../local/ports.ts';
import { until } from './api.ts';
import { programPath } from './programs.ts';
import { signedHeaders } from './runtime-sign.ts';

/** Long-lived keys of a caller. */
export type Credential = { readonly access_key_id: string; readonly secret_access_key: string };
/** What an answer is: its status and its text. */
type Said = { readonly status: number; readonly text: string };
type Fields = Readonly<Record<string, string>>;

/** Another maker's emulator of AWS, with signatures and IAM on. Its region is us-east-1. */
export type Emulator = {
  readonly url: string;
  /** Calls as the root of the account. Throws for every refusal. */
  query(service: string, version: string, fields: Fields): Promise<string>;
  json(service: string, target: string, body: object): Promise<ReturnType<typeof JSON.parse>>;
  rest(service: string, method: string, path: string, body: object): Promise<ReturnType<typeof JSON.parse>>;
  /** A user of IAM that may do what a policy says, and its keys. */
  user(name: string, policy: object): Promise<Credential>;
  stop(): Promise<void>;
};

const ROOT = { access_key_id: 'AKIAROOTROOTROOTROOT', secret_access_key: 'root-secret' };

/** Starts the emulator on a port of this machine alone. */
export async function startEmulator(): Promise<Emulator> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(programPath('ministack') ?? '', [], {
    env: {
      PATH: `${process.execPath.replace(/\/node$/, '')}:${process.env['PATH']}`,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: `${port}`,
      AWS_ENDPOINT_URL: url,
      MINISTACK_REGION: 'us-east-1',
      AUTH: 'true',
      AWS_ACCESS_KEY_ID: ROOT.access_key_id,
      AWS_SECRET_ACCESS_KEY: ROOT.secret_access_key,
    },
    stdio: 'ignore',
    detached: true,
  });
  const gone = new Promise((resolve) => child.on('close', resolve));
  const up = async () => (await fetch(`${url}/_ministack/health`).catch(() => undefined))?.ok === true;
  await until(up, (is) => is, 100);

  async function ask(
    service: string,
    method: string,
    path: string,
    body: string,
    headers: Fields,
  ): Promise<Said> {
    const request = { method, url: `${url}${path}`, body, headers, credential: ROOT, service };
    const answer = await fetch(request.url, { method, headers: await signedHeaders(request), body });
    const said = { status: answer.status, text: await answer.text() };
    if (answer.ok) return said;
    throw new Error(
      `${service} ${path} ${headers['x-amz-target'] ?? ''} ${body.slice(0, 300)}: ${said.status} ${said.text}`,
    );
  }
  const emulator: Emulator = {
    url,
    async query(service, Version, fields) {
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      return (await ask(service, 'POST', '/', new URLSearchParams({ ...fields, Version }).toString(), type))
        .text;
    },
    async json(service, target, body) {
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
      return JSON.parse((await ask(service, 'POST', '/', JSON.stringify(body), headers)).text || '{}');
    },
    async rest(service, method, path, body) {
      return JSON.parse((await ask(service, method, path, JSON.stringify(body), {})).text || '{}');
    },
    async user(UserName, policy) {
      await emulator.query('iam', '2010-05-08', { Action: 'CreateUser', UserName });
      const PolicyDocument = JSON.stringify(policy);
      const named = { UserName, PolicyName: 'own', PolicyDocument };
      await emulator.query('iam', '2010-05-08', { Action: 'PutUserPolicy', ...named });
      const made = await emulator.query('iam', '2010-05-08', { Action: 'CreateAccessKey', UserName });
      const [access_key_id = '', secret_access_key = ''] = ['AccessKeyId', 'SecretAccessKey'].map(
        (name) => new RegExp(`<${name}>(.*?)</${name}>`).exec(made)?.[1],
      );
      return { access_key_id, secret_access_key };
    },
    async stop() {
      // With the functions that it runs; a stack that waits for a signal would hold it for its whole time.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await gone;
    },
  };
  return emulator;
}

/** A function's code as Lambda takes it. */
export const zipped = (code: Uint8Array): string =>
  Buffer.from(zipSync({ 'index.mjs': code })).toString('base64');
