import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionName } from '../../infra/functions.ts';
import { until } from './api.ts';
import type { RecordedCall } from './grants.ts';

/** Which calls each function made to AWS services, by its name. */
export type Recording = ReadonlyMap<FunctionName, readonly RecordedCall[]>;

/**
 * Copies a synthesized assembly so that every function also notes its calls to AWS services in `log`, one JSON line each.
 * The code of the functions stays as it is; what is put before it watches the requests that leave the process. No rule of it fires by
 * the clock: which of two functions does what both could do is then up to who runs it.
 */
export async function recordedAssembly(source: string, target: string, log: string): Promise<void> {
  await cp(source, target, { recursive: true });
  const template = JSON.parse(await readFile(join(target, 'Sluice.template.json'), 'utf8'));
  const assets = JSON.parse(await readFile(join(target, 'Sluice.assets.json'), 'utf8')).files;
  for (const { Type, Properties } of Object.values<ReturnType<typeof JSON.parse>>(template.Resources)) {
    if (Properties?.ScheduleExpression !== undefined) Properties.State = 'DISABLED';
    if (Type !== 'AWS::Lambda::Function') continue;
    const name = Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME;
    const folder = join(target, assets[Properties.Code.S3Key.replace(/\.zip$/, '')].source.path);
    const file = join(folder, 'index.mjs');
    // An import, and the first: chunks that the entry imports are evaluated before its own first line.
    await writeFile(join(folder, 'recorder.mjs'), recorder(name, log));
    await writeFile(file, `import './recorder.mjs';\n${await readFile(file, 'utf8')}`);
  }
  await writeFile(join(target, 'Sluice.template.json'), JSON.stringify(template));
}

const recorder = (name: string, log: string): string => `{
  const ask = globalThis.fetch;
  const { appendFileSync: note } = process.getBuiltinModule('node:fs');
  globalThis.fetch = (url, init) => {
    if (init?.headers?.['x-amz-content-sha256']) {
      const target = init.method + ' ' + new URL(url).pathname;
      note(${JSON.stringify(log)}, JSON.stringify({ name: ${JSON.stringify(name)}, target, body: '' }) + '\\n');
    }
    return ask(url, init);
  };
  const http = process.getBuiltinModule('node:http');
  const { appendFileSync } = process.getBuiltinModule('node:fs');
  const send = http.request;
  http.request = (options, ...rest) => {
    const request = send(options, ...rest);
    const { headers = {}, method, path } = options;
    const target = headers['x-amz-target'] ?? (headers['amz-sdk-invocation-id'] && method + ' ' + path);
    if (!target) return request;
    const chunks = [];
    for (const part of ['write', 'end']) {
      const original = request[part].bind(request);
      request[part] = (chunk, ...more) => {
        if (chunk && typeof chunk !== 'function') chunks.push(Buffer.from(chunk));
        if (part === 'end') {
          const body = Buffer.concat(chunks).toString();
          appendFileSync(${JSON.stringify(log)}, JSON.stringify({ name: ${JSON.stringify(name)}, target, body }) + '\\n');
        }
        return original(chunk, ...more);
      };
    }
    return request;
  };
}`;

/** Reads what was noted so far, of the lines that are wanted. */
export async function readRecording(
  log: string,
  wanted: (line: string) => boolean = () => true,
): Promise<Recording> {
  const recording = new Map<FunctionName, RecordedCall[]>();
  if (!existsSync(log)) return recording;
  // What follows the last line break is a line that is being written.
  for (const line of (await readFile(log, 'utf8')).split('\n').slice(0, -1)) {
    if (!wanted(line)) continue;
    const { name, target, body } = JSON.parse(line);
    recording.set(name, [...(recording.get(name) ?? []), { target, body: JSON.parse(body || '{}') }]);
  }
  return recording;
}

/**
 * Waits until an execution of a promotion waits to be woken: the step Await keeps the token, has its answer, and only then reads the
 * promotion.
 */
export async function untilWaiting(log: string, promotion: string): Promise<void> {
  await until(
    async () => (await readRecording(log, (line) => line.includes(promotion))).get('await') ?? [],
    (about) => {
      const kept = about.findLastIndex(({ target }) => target.endsWith('.PutItem'));
      return kept >= 0 && about.slice(kept).some(({ target }) => target.endsWith('.GetItem'));
    },
  );
}
