import { type Command, CommanderError } from 'commander';
import * as z from 'zod/mini';
import { EXIT, type Exit } from './exit.ts';
import { Failure, misused } from './failure.ts';
import { GlobalOptions } from './login/settings.ts';
import { FORMATS, type Format, type Outcome, printFailure, printOutcome } from './output/print.ts';
import { createProgram } from './program.ts';
import { openSession } from './session.ts';
import type { Terminal } from './terminal.ts';
import { binder, isTried } from './verb.ts';

/** Does what was typed after `sluice`, and answers what the process is to exit with. Never throws. */
export async function run(terminal: Terminal, argv: readonly string[], version: string): Promise<Exit> {
  if (argv[0] === '--version' || argv[0] === '-v') {
    terminal.out(`${version}\n`);
    const { serverVersion } = await import('./server-version.ts');
    terminal.out(await serverVersion(terminal));
    return EXIT.ok;
  }
  let exit: Exit = EXIT.ok;
  let said = '';
  const bind = binder(async (command, act) => {
    const session = openSession(terminal, globalsOf(command), isTried(command));
    try {
      const outcome = await act(session);
      session.progress.end();
      exit = printOutcome(terminal, session.options.output, session.dryRun ? tried(outcome) : outcome);
    } finally {
      session.progress.end();
    }
  });
  try {
    const program = await createProgram(bind, version, argv);
    quietly(program, terminal, (text) => {
      said += text;
    });
    if (argv[0] === 'complete') {
      const { complete } = await import('./completion.ts');
      await complete(program, terminal, argv);
    } else await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    return failed(terminal, formatIn(argv), said, error);
  }
}

/** What a dry run came to: said as what would be, to people and machines. */
function tried({ data, text, hint: _, ...outcome }: Outcome): Outcome {
  return {
    ...outcome,
    data: { dry_run: true, ...data },
    ...(text === undefined ? {} : { text: `Dry run: ${text}` }),
    hint: 'Nothing was written: this was a dry run.',
  };
}

/** Commander throws in place of ending the process; its errors are kept, as they are printed like all others. */
function quietly(command: Command, terminal: Terminal, keep: (text: string) => void): void {
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: keep,
      getOutHasColors: () => terminal.colors.out,
      getErrHasColors: () => false,
    });
  for (const below of command.commands) quietly(below, terminal, keep);
}

function globalsOf(command: Command): GlobalOptions {
  const read = z.safeParse(GlobalOptions, command.optsWithGlobals());
  if (read.success) return read.data;
  throw new Failure('usage', EXIT.usage, read.error.issues[0]?.message ?? 'wrong usage');
}

/** The format of a failure, also where parsing never came to the option; the last one that is named counts, as it does there. */
function formatIn(argv: readonly string[]): Format {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  const named = words.map((word, at) =>
    /^(-o|--output)$/.test(word) ? words[at + 1] : /^(?:-o|--output=)(.+)$/.exec(word)?.[1],
  );
  const last = named.findLast((name) => name !== undefined);
  return FORMATS.find((format) => format === last) ?? 'table';
}

function failed(terminal: Terminal, format: Format, said: string, error: unknown): Exit {
  if (error instanceof Failure) return printFailure(terminal, format, error);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    // Help without a verb is asked for by mistake: it goes where errors go.
    if (error.code === 'commander.help') {
      if (format === 'table') terminal.err(said);
      else printFailure(terminal, format, misused('no verb is given', 'See `sluice --help`.'));
      return EXIT.usage;
    }
    const [first = '', ...rest] = said.trim().split('\n');
    const hint = rest.join('\n');
    const message = first.replace(/^error: /, '') || error.message;
    return printFailure(
      terminal,
      format,
      new Failure('usage', EXIT.usage, message, hint === '' ? {} : { hint }),
    );
  }
  if (terminal.interrupted.aborted) {
    return printFailure(terminal, format, new Failure('interrupted', EXIT.interrupted, 'interrupted'));
  }
  const message = error instanceof Error ? error.message : String(error);
  return printFailure(terminal, format, new Failure('unexpected', EXIT.other, message));
}
