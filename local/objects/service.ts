import { createHash } from 'node:crypto';
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Answer, BytesService } from '../aws-endpoint.ts';

/**
 * The buckets of the template as folders of the data directory: `GET` and `HEAD` of an object, and `PUT` with a precondition, of which one
 * is demanded. An object is there as a whole or not at all, also after a kill.
 */
export function bucketService(dataDir: string, buckets: readonly string[]): BytesService {
  const folder = join(dataDir, 'buckets');
  // Preconditions are judged and done one after another.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const next = turn.then(act, act);
    turn = next;
    return next;
  };
  return {
    name: 's3',
    claims: (path) => buckets.some((bucket) => path.startsWith(`/${bucket}/`)),
    async answer({ method, path, headers, body }) {
      if (!/^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(path)) return refusal(400, 'InvalidURI');
      const file = join(folder, path.replace(/\/([^/]+)$/, '/$1.object'));
      if (method === 'GET' || method === 'HEAD') {
        const found = await readFile(file).catch(absent);
        if (found === undefined) return refusal(404, 'NoSuchKey');
        return { status: 200, body: method === 'GET' ? found : '', headers: markOf(found) };
      }
      if (method !== 'PUT') return refusal(501, 'NotImplemented');
      return inTurn(() => put(file, body, headers['if-none-match'], headers['if-match']));
    },
  };
}

async function put(file: string, body: Buffer, none: unknown, match: unknown): Promise<Answer> {
  if (none !== '*' && typeof match !== 'string') return refusal(501, 'NotImplemented');
  const found = await readFile(file).catch(absent);
  if (typeof match === 'string' && found === undefined) return refusal(404, 'NoSuchKey');
  if (found !== undefined && markOf(found).etag !== match) return refusal(412, 'PreconditionFailed');
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  const written = await open(temporary, 'w');
  await written.writeFile(body);
  await written.sync();
  await written.close();
  if (found === undefined) {
    await link(temporary, file);
    await unlink(temporary);
  } else await rename(temporary, file);
  return { status: 200, body: '', headers: markOf(body) };
}

/** S3 names the MD5 of an object that was put in one piece. */
const markOf = (bytes: Uint8Array) => ({
  etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
  'content-type': 'application/octet-stream',
});

const refusal = (status: number, code: string): Answer => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`,
  headers: { 'content-type': 'application/xml' },
});

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
