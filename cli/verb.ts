import type { Command } from 'commander';
import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { misused } from './failure.ts';
import type { Outcome } from './output/print.ts';
import type { Session } from './session.ts';

// What is wrong with what was typed is said in words: the small zod brings none of its own.
z.config(en());

/** What a verb is beside its command: what it is given, what it answers to machines, and what it does. */
export type Verb<G, A extends object> = {
  /** Arguments and options by name. */
  readonly given: z.ZodMiniType<G>;
  /** The members of its JSON beside `ok`. */
  readonly answer: z.ZodMiniType<A>;
  /** Takes `--dry-run`: each of its requests that would write is sent as a dry run. Other verbs may read such an option themselves. */
  readonly tryable?: true;
  /** Lines of an example, without the prompt. */
  readonly examples: readonly string[];
  readonly run: (given: G, session: Session) => Promise<Outcome & { readonly data: A }>;
};

/** Does what was typed, once commander has found the command. */
export type Start = (command: Command, act: (session: Session) => Promise<Outcome>) => Promise<void>;
/** Makes a command a verb. */
export type Bind = <G, A extends object>(command: Command, verb: Verb<G, A>) => Command;

/** What each command answers machines, for those who check it. */
export const ANSWERS = new WeakMap<Command, z.ZodMiniType>();

const TRYABLE = new WeakSet<Command>();
const EXAMPLES = new WeakMap<Command, readonly string[]>();

const showExamples = (command: Command, examples: readonly string[]): Command =>
  command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`);

/** Shows in the help of a command that is there for those below it an example of each, as `told` says it. */
export function withExamples(
  group: Command,
  told = (line: string, _command: Command): string => line,
): Command {
  if (EXAMPLES.has(group)) return group;
  const lines = group.commands.flatMap((command) =>
    (EXAMPLES.get(command) ?? []).slice(0, 1).map((line) => told(line, command)),
  );
  return lines.length === 0 ? group : showExamples(group, lines);
}

/** Whether a command is only to be tried. */
export const isTried = (command: Command): boolean =>
  TRYABLE.has(command) && command.opts()['dryRun'] === true;

/** Binds verbs to commands: what was typed is parsed, and what does not fit is wrong usage. */
export function binder(start: Start): Bind {
  return (command, { given, answer, tryable, examples, run }) => {
    ANSWERS.set(command, answer);
    if (tryable) {
      TRYABLE.add(command);
      command.option('--dry-run', 'only say what would be; exits as the real run would');
    }
    EXAMPLES.set(command, examples);
    showExamples(command, examples);
    return command.action(() => {
      const read = z.safeParse(given, typedIn(command), { reportInput: true });
      if (!read.success) throw unfit(command, read.error.issues);
      return start(command, (session) => run(read.data, session));
    });
  };
}

/** The words that name a command, from the program on. */
const nameOf = (command: Command): string =>
  `${command.parent === null ? '' : `${nameOf(command.parent)} `}${command.name()}`;

function typedIn(command: Command): object {
  const typed: readonly unknown[] = command.processedArgs;
  const names = command.registeredArguments.map((argument, at) => [argument.name(), typed[at]]);
  const all = { ...Object.fromEntries(names), ...command.opts() };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function unfit(command: Command, issues: readonly z.core.$ZodIssue[]) {
  const [issue] = issues;
  const name = String(issue?.path[0] ?? '');
  const option = command.options.find((one) => one.attributeName() === name);
  const label = option?.long ?? `<${name}>`;
  const wrong =
    issue?.code === 'invalid_value'
      ? `must be one of ${issue.values.join(', ')}`
      : issue?.input === undefined
        ? 'is required'
        : (issue.message ?? '');
  return misused(`${label}: ${wrong}`, `See \`${nameOf(command)} --help\`.`);
}
