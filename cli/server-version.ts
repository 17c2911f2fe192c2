import * as z from 'zod/mini';
import type { Answer } from './http/request.ts';
import { versionIn } from './http/versions.ts';
import { jsonOf } from './json.ts';
import { GlobalOptions, targetOf } from './login/settings.ts';
import type { Terminal } from './terminal.ts';

/** Milliseconds that a server may take to say its version. */
const PATIENCE = 2_000;
const Healthy = z.object({ status: z.literal('ok') });

/** Returns the line about the server of the context; nothing where none is known, or none that is Sluice answers in time. */
export async function serverVersion(terminal: Terminal): Promise<string> {
  try {
    const { url } = await targetOf(terminal, z.parse(GlobalOptions, {}));
    const signal = AbortSignal.any([terminal.interrupted, AbortSignal.timeout(PATIENCE)]);
    const answer = await terminal.send(new URL(`${url}/healthz`), { signal });
    const version = versionIn(answer) ?? (await older(answer));
    return version === undefined ? '' : `server ${version} (${url})\n`;
  } catch {
    return '';
  }
}

/** What answers as 0.1.0 does, which names no version. */
const older = async (answer: Answer) =>
  z.safeParse(Healthy, jsonOf(await answer.text())).success ? '0.1.0' : undefined;
