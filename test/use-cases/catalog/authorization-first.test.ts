import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { machines } from '../../../functions/use-cases/administration/machines.ts';
import { members } from '../../../functions/use-cases/administration/members.ts';
import { approvalPolicies } from '../../../functions/use-cases/catalog/approval-policies.ts';
import { artifactSettings } from '../../../functions/use-cases/catalog/artifact-settings.ts';
import { consumers } from '../../../functions/use-cases/catalog/consumers.ts';
import type { Description, KeepingDeps, Kept } from '../../../functions/use-cases/catalog/description.ts';
import { environments } from '../../../functions/use-cases/catalog/environments.ts';
import { flagKeys } from '../../../functions/use-cases/catalog/flag-keys.ts';
import { gateways } from '../../../functions/use-cases/catalog/gateways.ts';
import {
  changeItem,
  createItem,
  deleteItem,
  listItems,
  readItem,
} from '../../../functions/use-cases/catalog/keeping.ts';
import { registries } from '../../../functions/use-cases/catalog/registries.ts';
import { rules } from '../../../functions/use-cases/catalog/rules.ts';
import { freezes } from '../../../functions/use-cases/freezes/freezes.ts';
import { channels } from '../../../functions/use-cases/notifications/channels.ts';

const stranger: Principal = {
  tenant: 'acme',
  subject: 'stranger',
  email: 's@acme.com',
  kind: 'person',
  groups: [],
  grants: [],
};

/** A store that nobody may ask anything. */
const closed = (name: string) =>
  new Proxy({}, { get: (_, member) => () => Promise.reject(new Error(`asked ${name}.${String(member)}`)) });

/** Everything is closed but the clock and the list of denials. */
function closedDeps(denied: string[]): KeepingDeps {
  const open = {
    clock: { now: () => '2026-11-22T10:00:00.000Z' },
    denials: {
      record: async ({ action }: { action: string }) => void denied.push(action),
      list: async () => ({ items: [] }),
    },
    ids: { next: (prefix: string) => `${prefix}-1` },
    random: () => 0,
    sleep: async () => {},
    allowLoopback: false,
  };
  const stores = ['catalog', 'directory', 'changes', 'heads', 'promotions', 'transactions'];
  const shut: unknown = Object.fromEntries(stores.map((name) => [name, closed(name)]));
  return Object.assign(Object(shut), open);
}

/** The verbs of a noun, asked by somebody who may nothing, with words that the noun must not look at. */
function verbsOf<T extends Kept, F extends object>(noun: Description<T, F>, words: F) {
  const ref = { id: 'one' };
  const by = { principal: stranger };
  return {
    create: (deps: KeepingDeps) => createItem(deps, noun, { ...by, fields: words }),
    read: (deps: KeepingDeps) => readItem(deps, noun, { ...by, ref }),
    list: (deps: KeepingDeps) => listItems(deps, noun, { ...by, page: { limit: 1 } }),
    change: (deps: KeepingDeps) =>
      changeItem(deps, noun, {
        ...by,
        ref,
        ifMatch: undefined,
        fieldsOf: () => {
          throw new Error('the words were looked at');
        },
      }),
    delete: (deps: KeepingDeps) => deleteItem(deps, noun, { ...by, ref, ifMatch: undefined }),
  };
}

/** Words that throw when anything but a name chosen by the caller is read from them. */
const untouchable = <F extends object>(): F =>
  new Proxy(Object(), {
    get(_, member) {
      if (member === 'id' || member === 'name' || member === 'subject') return 'one';
      throw new Error(`looked at ${String(member)}`);
    },
  });

const NOUNS = {
  rules: verbsOf(rules, untouchable()),
  'approval policies': verbsOf(approvalPolicies, untouchable()),
  environments: verbsOf(environments, untouchable()),
  gateways: verbsOf(gateways, untouchable()),
  registries: verbsOf(registries, untouchable()),
  consumers: verbsOf(consumers, untouchable()),
  'settings of artifacts': verbsOf(artifactSettings, untouchable()),
  'flag keys': verbsOf(flagKeys, untouchable()),
  freezes: verbsOf(freezes, untouchable()),
  channels: verbsOf(channels, untouchable()),
  members: verbsOf(members, untouchable()),
  machines: verbsOf(machines, untouchable()),
};

describe.each(Object.entries(NOUNS))('%s', (_, verbs) => {
  it.each(Object.entries(verbs))('authorizes before anything else: %s', async (__, verb) => {
    const denied: string[] = [];
    const answer = await verb(closedDeps(denied));
    expect(isRefusal(answer) && answer.refused).toBe('not_authorized');
    expect(denied).toHaveLength(1);
  });
});
