import { Command, Option } from 'commander';
import { EXIT, EXIT_MEANINGS } from './exit.ts';
import { FORMATS } from './output/print.ts';
import type { Bind } from './verb.ts';
import { VERBS } from './verbs/all.ts';
import { list } from './verbs/list.ts';
import { versions } from './verbs/publish.ts';

/** The whole command line. `sluice platform <verb>` is the same as `sluice <verb>`. */
export function createProgram(bind: Bind, version: string, completing = false): Command {
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
    .addHelpText('after', `\n\`sluice --version\`, or \`-v\`, prints the version.\n${exits()}`);
  for (const verb of VERBS) program.addCommand(verb(bind));
  const platform = new Command('platform').description('the same verbs, as the artifact document has them');
  // `platform list` lists versions there.
  for (const verb of VERBS) platform.addCommand(verb === list ? versions(bind).name('list') : verb(bind));
  program.addCommand(platform);
  if (!completing) program.addCommand(completion());
  return program;
}

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
