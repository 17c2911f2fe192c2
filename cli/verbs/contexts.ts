import { Command } from 'commander';
import * as z from 'zod/mini';
import { misused } from '../failure.ts';
import { type Contexts, readContexts, writeContexts } from '../login/contexts.ts';
import { contextsFile } from '../login/contexts-file.ts';
import type { Bind } from '../verb.ts';

const ContextsAnswer = z.object({
  current: z.nullable(z.string()),
  contexts: z.array(
    z.object({ name: z.string(), url: z.string(), tenant: z.nullable(z.string()), login: z.string() }),
  ),
});

const shown = ({
  current = null,
  contexts,
}: { current?: string | null | undefined } & Pick<Contexts, 'contexts'>) => {
  const listed = Object.entries(contexts).map(([name, { url, tenant = null, auth }]) => ({
    name,
    url,
    tenant,
    login: auth === undefined ? 'none' : auth.type === 'local' ? auth.email : auth.type,
  }));
  return {
    data: { current, contexts: listed },
    table: {
      columns: ['Current', 'Name', 'Server', 'Tenant', 'Login'],
      rows: listed.map(({ name, url, tenant, login }) => [
        name === current ? '*' : '',
        name,
        url,
        tenant ?? '',
        login,
      ]),
    },
  };
};

/** `sluice contexts`: lists them, chooses one, deletes one. Tokens are never shown. */
export const contexts = (bind: Bind): Command =>
  bind(
    new Command('contexts')
      .description('list the servers that you are logged in to, choose or delete one')
      .option('--use <name>', 'make it the current one')
      .option('--delete <name>', 'forget it, and its login'),
    {
      given: z.object({ use: z.optional(z.string()), delete: z.optional(z.string()) }),
      answer: ContextsAnswer,
      examples: ['sluice contexts', 'sluice contexts --use production'],
      async run({ use, delete: gone }, { terminal }) {
        const kept = await readContexts(terminal);
        for (const name of [use, gone]) {
          if (name !== undefined && kept.contexts[name] === undefined) {
            throw misused(`there is no context ${name}`, `They are kept in ${contextsFile(terminal)}.`);
          }
        }
        if (use === undefined && gone === undefined) return shown(kept);
        const left = Object.fromEntries(Object.entries(kept.contexts).filter(([name]) => name !== gone));
        const current = use ?? (kept.current === gone ? undefined : kept.current);
        const changed = { ...(current === undefined ? {} : { current }), contexts: left };
        await writeContexts(terminal, changed);
        return shown(changed);
      },
    },
  );
