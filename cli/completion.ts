import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import { listPromotions } from '../functions/contract/promotions.ts';
import { OPEN_STATUSES } from '../functions/domain/promotion/lifetime.ts';
import { readContexts } from './login/contexts.ts';
import { GlobalOptions } from './login/settings.ts';
import { pipeline } from './promotions/environments.ts';
import { openSession } from './session.ts';
import type { Terminal } from './terminal.ts';

/** A name that may stand where the cursor is, and what it is. */
type Name = { readonly value: string; readonly description: string };
type Names = {
  readonly environments: readonly Name[];
  readonly promotions: readonly Name[];
  readonly contexts: readonly Name[];
};

/** Milliseconds that live names may take: whoever pressed Tab waits. */
const PATIENCE = 1_500;

/** Which names an option or an argument takes, by what it is called. */
const NAMES_OF: { readonly [name: string]: keyof Names } = {
  env: 'environments',
  from: 'environments',
  to: 'environments',
  source: 'environments',
  target: 'environments',
  promotion: 'promotions',
  context: 'contexts',
  use: 'contexts',
  delete: 'contexts',
};

/** `sluice complete <shell>` prints the script for a shell; `sluice complete -- words…` answers it with names of now. */
export async function complete(program: Command, terminal: Terminal, argv: readonly string[]): Promise<void> {
  const asked = argv[1] === '--';
  const names = asked ? await liveNames(terminal) : { environments: [], promotions: [], contexts: [] };
  if (argv[1] === 'bash') terminal.out(WITHOUT_BASH_COMPLETION);
  const root = tab(program);
  for (const command of [root, ...root.commands.values()]) {
    for (const part of [...command.options.values(), ...command.arguments.values()]) {
      const which = NAMES_OF['value' in part ? part.value : part.name];
      if (which === undefined) continue;
      part.handler = (add) => {
        for (const { value, description } of names[which]) add(value, description);
      };
    }
  }
  await program.parseAsync([...argv], { from: 'user' });
}

/** The script asks a function of the package bash-completion for the words: where that is not installed, these are as bash splits them. */
const WITHOUT_BASH_COMPLETION = `if ! declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref() {
        cur="\${COMP_WORDS[COMP_CWORD]}"
        prev="\${COMP_WORDS[COMP_CWORD-1]}"
        words=("\${COMP_WORDS[@]}")
        cword=$COMP_CWORD
    }
fi
`;

const Open = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      source_environment: z.string(),
      target_environment: z.string(),
    }),
  ),
});

/** What cannot be had in time is left out: completion never complains. */
async function liveNames(terminal: Terminal): Promise<Names> {
  const quick: Terminal = {
    ...terminal,
    send: (url, asked) => terminal.send(url, { ...asked, signal: AbortSignal.timeout(PATIENCE) }),
    // Another try would come too late.
    sleep: async () => {
      throw new Error('no time');
    },
  };
  const session = openSession(quick, z.parse(GlobalOptions, { quiet: true }));
  const none = (): Name[] => [];
  const [environments, promotions, contexts] = await Promise.all([
    session
      .client()
      .then(pipeline)
      .then((all) => all.map(({ name, rank }) => ({ value: name, description: `rank ${rank}` })))
      .catch(none),
    session
      .client()
      .then((client) =>
        client.call(listPromotions, Open, { query: { status: OPEN_STATUSES.join(), limit: 50 } }),
      )
      .then(({ items }) =>
        items.map(({ id, status, source_environment, target_environment }) => ({
          value: id,
          description: `${source_environment} to ${target_environment}, ${status}`,
        })),
      )
      .catch(none),
    readContexts(terminal)
      .then((kept) => Object.entries(kept.contexts).map(([value, { url }]) => ({ value, description: url })))
      .catch(none),
  ]);
  return { environments, promotions, contexts };
}
