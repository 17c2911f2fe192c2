import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3LogObjects } from '../../../functions/adapters/s3/log-objects.ts';
import { logOrigin, verifierKey } from '../../../functions/domain/transparency-log/checkpoint.ts';
import { startAwsEndpoint } from '../../../local/aws-endpoint.ts';
import { bucketService } from '../../../local/objects/service.ts';
import { programPath } from '../../support/programs.ts';
import { testNoteSigner } from '../../support/signer.ts';
import { TENANT } from './world.ts';

const BUCKET = 'log1';

/** A bucket as the local runtime keeps it: a folder, served over HTTP. */
export async function startBucket() {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-log-'));
  const endpoint = await startAwsEndpoint({ watchesTable: false, around: (_, __, perform) => perform() });
  endpoint.serve([], [], [bucketService(folder, [BUCKET])]);
  const credentials = { accessKeyId: 'LOCAL', secretAccessKey: 'LOCAL' };
  return {
    logObjects: s3LogObjects({ bucket: BUCKET, region: 'us-east-1', endpoint: endpoint.url, credentials }),
    /** Where readers find the log of the tenant. */
    address: `${endpoint.url}/${BUCKET}/${TENANT}`,
    /** The files of the log, by the paths of its objects. */
    async files(): Promise<ReadonlyMap<string, string>> {
      const root = join(folder, 'buckets', BUCKET, TENANT);
      const names = await readdir(root, { recursive: true });
      const objects = names.filter((name) => name.endsWith('.object'));
      return new Map(objects.map((name) => [name.slice(0, -'.object'.length), join(root, name)]));
    },
    async stop() {
      await endpoint.stop();
      await rm(folder, { recursive: true });
    },
  };
}

export type Bucket = Awaited<ReturnType<typeof startBucket>>;

/** Replaces a file while something is done, and puts it back; without bytes it is gone meanwhile. */
export async function tampered<T>(
  file: string,
  change: (bytes: Buffer) => Buffer | undefined,
  act: () => Promise<T>,
): Promise<T> {
  const kept = await readFile(file);
  const changed = change(Buffer.from(kept));
  await (changed === undefined ? rm(file) : writeFile(file, changed));
  try {
    return await act();
  } finally {
    await writeFile(file, kept);
  }
}

export type Verdict = { readonly holds: boolean; readonly said: string };

export const testVerifierKey = async (): Promise<string> =>
  verifierKey(logOrigin(TENANT), await testNoteSigner.publicKey());

/** Holds a served log against `sumdb/note` and `sumdb/tlog`: its signature, every entry, and each of its earlier sizes. */
export const judgeLog = async (address: string, key?: string): Promise<Verdict> =>
  judge('log-judge', ['log', key ?? (await testVerifierKey()), address], / entries verified, root /);

/** Holds proofs against `sumdb/note` and `sumdb/tlog`. */
export const judgeProof = (proof: object): Promise<Verdict> =>
  judge('log-judge', ['proof'], / verified at size /, JSON.stringify(proof));

/** Holds a served log against the checker of Tessera. On a log that is wrong it goes on for ever: silence until the time-out is a no. */
export async function fsck(address: string): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-fsck-'));
  const key = join(folder, 'key');
  await writeFile(key, await testVerifierKey());
  try {
    const argv = ['--ui=false', '-v=1', '--storage_url', `${address}/`, '--public_key', key];
    return await judge('tessera-fsck', argv, /Successfully fsck'd log with size /);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Starts a witness of other makers that knows the log of the tenant; its address is without a slash at the end. */
export async function startWitness(signerKey: string): Promise<{ address: string; stop: () => void }> {
  const child = spawn(programPath('log-judge') ?? 'log-judge', ['witness'], { stdio: 'pipe' });
  child.stdin.end(JSON.stringify({ signer_key: signerKey, logs: [await testVerifierKey()] }));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [address] = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    once(child, 'close').then(() => {
      throw new Error(`the witness ended: ${said}`);
    }),
  ]);
  return { address: String(address).trim(), stop: () => void child.kill('SIGKILL') };
}

/** How long Tessera's checker may look for what is wrong. */
const PATIENCE_MS = 60_000;
const SAYS_NO = /fsck failed|Invalid|FetchError|log-judge:/;

async function judge(program: string, argv: readonly string[], yes: RegExp, input = ''): Promise<Verdict> {
  const child = spawn(programPath(program) ?? program, argv, { stdio: 'pipe' });
  let said = '';
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (yes.test(said) || SAYS_NO.test(said)) resolve();
    });
  }
  child.once('close', () => resolve());
  child.once('error', (error) => {
    said += error.message;
    resolve();
  });
  child.stdin.on('error', () => {}).end(input);
  const late = setTimeout(resolve, PATIENCE_MS);
  await promise;
  clearTimeout(late);
  child.kill('SIGKILL');
  return { holds: yes.test(said) && !SAYS_NO.test(said), said };
}
