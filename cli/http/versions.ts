import { VERSION, VERSION_HEADER } from '../../functions/contract/version.ts';
import { isId } from '../../functions/domain/ids.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import type { Answer } from './request.ts';

/** Invocations that were told how the two versions differ. */
const told = new WeakSet<Terminal>();

/** Says once in an invocation, on stderr, where the server is older than this command line, or newer by a major version. */
export function compareVersions(terminal: Terminal, server: string, answer: Answer): void {
  if (told.has(terminal) || !isOfSluice(answer)) return;
  const version = versionIn(answer);
  const advice = adviceOn(version);
  if (advice === undefined) return;
  told.add(terminal);
  const which = version === undefined ? 'names no version, as Sluice 0.1.0 does' : `is Sluice ${version}`;
  terminal.err(`note: ${server} ${which}, and this command line is ${VERSION}: ${advice}.\n`);
}

/** The version that an answer names; `undefined` where it names none, as before 0.2.0. */
export function versionIn({ headers }: Pick<Answer, 'headers'>): string | undefined {
  return /^\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[\w.]{1,50})?$/.exec(headers.get(VERSION_HEADER) ?? '')?.[0];
}

/**
 * Whether a problem says that the server has no such operation. What 0.1.0 says of it has the code of a missing thing, and says the same of
 * what cannot be an id.
 */
export const isUnsupported = (code: string, detail: string, params: readonly string[]): boolean =>
  ['unknown_operation', 'method_not_allowed'].includes(code) ||
  (code === 'not_found' && detail === 'there is nothing at this path' && params.every(isId));

/** The end of an invocation that asks for what the server does not know. */
export function unsupported(server: string, operation: string, answer: Answer): Failure {
  const version = versionIn(answer);
  const which = version === undefined ? server : `${server} (Sluice ${version})`;
  return new Failure(
    'not_supported',
    EXIT.not_supported,
    `${which} does not know ${operation}: not supported by the server`,
    {
      hint: `This command line is ${VERSION}. Update the server, or use the sluice of its version.`,
      error: { status: answer.status, operation },
    },
  );
}

/** What answers of the API itself are; those of a gateway or a proxy before it name no version, whatever is behind them. */
const isOfSluice = ({ ok, headers }: Answer): boolean =>
  ok || (headers.get('content-type') ?? '').startsWith('application/problem+json');

/** Whether a server is older than this command line. */
export const isOlder = (answer: Answer): boolean => (differenceFrom(versionIn(answer))?.by ?? 0) < 0;

function adviceOn(version: string | undefined): string | undefined {
  const { by = 0, part } = differenceFrom(version) ?? {};
  if (by < 0)
    return `update the server, or use the sluice of its version; what it does not know ends with exit ${EXIT.not_supported}`;
  return part === 0 ? 'use the sluice of the version of the server' : undefined;
}

/** The first part in which a version differs from this one, and by how much it is newer. */
function differenceFrom(version = '0.1.0'): { readonly part: number; readonly by: number } | undefined {
  const [mine = [], theirs = []] = [VERSION, version].map((text) => text.split(/[.-]/, 3).map(Number));
  const differences = mine.map((number, part) => ({ part, by: (theirs[part] ?? 0) - number }));
  return differences.find(({ by }) => by !== 0);
}
