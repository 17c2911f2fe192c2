import { Command, Option } from 'commander';
import { EXIT, EXIT_MEANINGS } from './exit.ts';
import { FORMATS } from './output/print.ts';
import { type Bind, withExamples } from './verb.ts';
import { PLATFORM_VERBS, VERBS } from './verbs/all.ts';

/**
 * The command line as far as what was typed asks for it: the verb that it names, else every verb, for help and suggestions.
 * `sluice platform <verb>` is the same as `sluice <verb>`.
 */
export async function createProgram(bind: Bind, version: string, argv: readonly string[]): Promise<Command> {
  const program = new Command('sluice')
    .description(`Promote configuration, artifacts and agents between environments. Version ${version}.`)
    .addOption(
      new Option('-o, --output <format>', 'how results are printed').choices(FORMATS).default('table'),
    )
    .option('--context <name>', 'the context to use (SLUICE_CONTEXT)')
    .option('--url <url>', 'the server (SLUICE_URL)')
    .option('--token <token>', 'an access token (SLUICE_TOKEN)')
    .option('--tenant <id>', 'the tenant (SLUICE_TENANT)')
    .option('--idempotency-key <key>', 'makes repeated runs of a pipeline step one request')
    .option('--no-input', 'never ask; fail where an answer is needed')
    .option('-q, --quiet', 'no progress on stderr')
    .addHelpText(
      'after',
      `\n\`sluice --version\`, or \`-v\`, prints the version, and that of the server of the context.\n${exits()}`,
    );
  const platform = new Command('platform').description('the same verbs, as the artifact document has them');
  const at = wordAt(program, argv, 0);
  const typed = argv[at];
  if (typed !== undefined && Object.hasOwn(VERBS, typed)) return withVerbs(program, VERBS, bind, typed);
  if (typed === platform.name()) {
    const below = argv[wordAt(program, argv, at + 1)];
    return program.addCommand(
      withExamples(await withVerbs(platform, PLATFORM_VERBS, bind, below), ofPlatform),
    );
  }
  await withVerbs(program, VERBS, bind);
  program.addCommand(withExamples(await withVerbs(platform, PLATFORM_VERBS, bind), ofPlatform));
  if (argv[0] !== 'complete') program.addCommand(completion());
  return program;
}

/** Where the first word is that is neither an option nor the value of one. */
function wordAt(program: Command, argv: readonly string[], from: number): number {
  let at = from;
  while (argv[at]?.startsWith('-')) {
    const option = program.options.find(({ short, long }) => argv[at] === short || argv[at] === long);
    at += option?.required ? 2 : 1;
  }
  return at;
}

/** Adds one verb, or every verb where that is none. */
async function withVerbs(
  command: Command,
  verbs: typeof VERBS,
  bind: Bind,
  typed?: string,
): Promise<Command> {
  const one = typed !== undefined && Object.hasOwn(verbs, typed) ? verbs[typed] : undefined;
  for (const load of one === undefined ? Object.values(verbs) : [one]) {
    const make = await load();
    command.addCommand(withExamples(make(bind)));
  }
  return command;
}

/** An example of a verb as the artifact document names it. */
const ofPlatform = (line: string, command: Command): string =>
  line.replace(/^sluice \S+/, `sluice platform ${command.name()}`);

/** Shown in the help alone: the library adds the command that answers. */
const completion = (): Command =>
  new Command('complete')
    .description('print the script that completes verbs, options and live names in a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', '\nExamples:\n  $ source <(sluice complete bash)');

function exits(): string {
  const lines = Object.entries(EXIT).map(([name, number]) => {
    const meaning = Object.entries(EXIT_MEANINGS).find(([key]) => key === name)?.[1] ?? '';
    return `  ${String(number).padStart(3)}  ${meaning}`;
  });
  return `\nExit codes:\n${lines.join('\n')}`;
}
