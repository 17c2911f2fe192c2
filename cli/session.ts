import { type Client, createClient } from './http/client.ts';
import { signerOf } from './http/sign.ts';
import { type GlobalOptions, type Target, targetOf } from './login/settings.ts';
import { openProgress, type Progress } from './output/progress.ts';
import type { Terminal } from './terminal.ts';

/** What a verb works with: the terminal, the options of every verb, and the server once it is asked for. */
export type Session = {
  readonly terminal: Terminal;
  readonly options: GlobalOptions;
  /** Nothing is written: each request is sent as a dry run. */
  readonly dryRun: boolean;
  readonly progress: Progress;
  /** Reads where to go and as whom; once. */
  target(): Promise<Target>;
  client(): Promise<Client>;
};

export function openSession(terminal: Terminal, options: GlobalOptions, dryRun = false): Session {
  let target: Promise<Target> | undefined;
  let client: Promise<Client> | undefined;
  const session: Session = {
    terminal,
    options,
    dryRun,
    progress: openProgress(terminal, options.quiet),
    target: () => {
      target ??= targetOf(terminal, options);
      return target;
    },
    client: () => {
      const { idempotencyKey } = options;
      client ??= session.target().then((found) => clientFor(terminal, found, { idempotencyKey, dryRun }));
      return client;
    },
  };
  return session;
}

/** A client for one target. */
export function clientFor(
  terminal: Terminal,
  target: Target,
  {
    idempotencyKey,
    dryRun = false,
  }: { readonly idempotencyKey?: string | undefined; readonly dryRun?: boolean } = {},
): Client {
  return createClient({
    terminal,
    url: target.url,
    ...(target.tenant === undefined ? {} : { tenant: target.tenant }),
    sign: signerOf(terminal, target),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    dryRun,
  });
}
