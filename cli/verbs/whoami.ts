import { Command } from 'commander';
import * as z from 'zod/mini';
import { getMe, MeView } from '../../functions/contract/me.ts';
import type { Bind } from '../verb.ts';

/** `sluice whoami`. */
export const whoami = (bind: Bind): Command =>
  bind(new Command('whoami').description('who you are: tenants, roles and groups'), {
    given: z.object({}),
    answer: z.object({ url: z.string(), me: MeView }),
    examples: ['sluice whoami', 'sluice whoami --output json'],
    async run(_, session) {
      const { url } = await session.target();
      const me = await (await session.client()).call(getMe, MeView);
      const roles = me.roles.map(({ role, environment }) =>
        environment === undefined ? role : `${role} in ${environment}`,
      );
      const tenants = me.tenants.map(({ id, name, status }) => {
        const here = id === me.organization_id ? ', this one' : '';
        return `${name} (${id}${status === 'active' ? '' : `, ${status}`}${here})`;
      });
      const rows = [
        ['server', url],
        [me.kind, me.email || me.subject],
        ['subject', me.subject],
        ...(me.owner === null ? [] : [['owner', me.owner]]),
        ...tenants.map((tenant) => ['tenant', tenant]),
        ['roles', roles.join(', ') || 'none'],
        ['groups', me.groups.join(', ') || 'none'],
      ];
      return { data: { url, me }, table: { columns: ['Field', 'Value'], rows } };
    },
  });
