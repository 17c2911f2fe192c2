/** `npm run --silent token -- <email>`, `sluice-local token <email>`: prints an access token for a demo person, from the runtime that runs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { CODE_HEADER } from './http-api/door.ts';
import { programOf } from './program.ts';
import { runtimeFile } from './runtime-file.ts';
import { readSettings } from './settings.ts';

const program = programOf(process.env);
const [email] = process.argv.slice(2);
if (email === undefined) fail(`Say whose token: ${program.token('dev@acme.com')}`);
process.stdout.write(`${await tokenFor(email)}\n`);

async function tokenFor(email: string): Promise<string> {
  const { dataDir } = readSettings(process.env);
  const url = await runningUrl(dataDir);
  const code = await readFile(join(dataDir, 'code'), 'utf8').catch(() => undefined);
  const answer = await fetch(`${url}/_local/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(code === undefined ? {} : { [CODE_HEADER]: code }) },
    body: JSON.stringify({ email }),
  }).catch(() => fail(`The local runtime does not answer. Start it: ${program.start}`));
  if (answer.status === 404) fail(`Nobody has the address ${email}; see local/demo-people.json.`);
  if (!answer.ok) fail(`The local runtime answered ${answer.status}.`);
  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
}

async function runningUrl(dataDir: string): Promise<string> {
  const text = await readFile(runtimeFile(dataDir), 'utf8').catch(() =>
    fail(`The local runtime does not run. Start it: ${program.start}`),
  );
  return z.object({ inside: z.url() }).parse(JSON.parse(text)).inside;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
