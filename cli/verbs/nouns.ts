import { Command } from 'commander';
import * as z from 'zod/mini';
import { ApprovalPolicyView, approvalPolicies } from '../../functions/contract/approval-policies.ts';
import { ConsumerView, consumers } from '../../functions/contract/consumers.ts';
import { EnvironmentView, environments } from '../../functions/contract/environments.ts';
import { listOf } from '../../functions/contract/fields.ts';
import { gateways } from '../../functions/contract/gateways.ts';
import { ChannelView, channels } from '../../functions/contract/notification-channels.ts';
import { RegistryView, registries } from '../../functions/contract/registries.ts';
import type { Resource } from '../../functions/contract/resource.ts';
import { RuleView, rules } from '../../functions/contract/rules.ts';
import { gateway } from '../../functions/domain/catalog/gateway.ts';
import { defined } from '../defined.ts';
import { misused } from '../failure.ts';
import { structureOfFile } from '../input-file.ts';
import type { Outcome } from '../output/print.ts';
import { allPages } from '../promotions/pages.ts';
import type { Bind } from '../verb.ts';
import { memberHelp } from './member-help.ts';

/** How one noun of the catalog is shown. */
type Noun<V extends object> = {
  /** The word of the command line: `rules`. */
  readonly name: string;
  readonly resource: Resource<unknown>;
  readonly view: z.ZodMiniType<V>;
  /** What identifies one in its path. */
  readonly key: keyof V & string;
  /** Members of the table for people. */
  readonly columns: readonly (keyof V & string)[];
  /** A body for the example, as JSON. */
  readonly example: string;
};

/** `sluice <noun> list|get|create|change|delete`: what an admin keeps, from the same description as the API. */
function nounVerb<V extends object>(noun: Noun<V>): (bind: Bind) => Command {
  const { name, resource, view, key, columns, example } = noun;
  const { endpoints, words } = resource;
  const One = z.object({ item: view });
  const Many = z.object({ items: z.array(view) });
  const table = (items: readonly V[]) => ({
    columns: columns.map((column) => column.replaceAll('_', ' ')),
    rows: items.map((item) => columns.map((column) => textOf(item[column]))),
  });
  const outcome = (item: V): Outcome & { readonly data: { item: V } } => ({
    data: { item },
    table: table([item]),
  });
  const params = (id: string) => ({ [resource.key]: id });
  const ID = ['<id>', `which ${words.replace(/^an? /, '')}`] as const;
  const FILE = ['-f, --file <file>', 'its members as JSON or YAML; - reads standard input'] as const;
  const MEMBERS = memberHelp(resource.said);
  const REASON = ['--reason <text>', 'why, for the record'] as const;

  return (bind) => {
    const group = new Command(name).description(`list, read and change ${plural(words)}`);
    const { list } = endpoints;
    if (list !== undefined) {
      group.addCommand(
        bind(new Command('list').description(`list ${plural(words)}`), {
          given: z.object({}),
          answer: Many,
          examples: [`sluice ${name} list`],
          async run(_, session) {
            const client = await session.client();
            const { items } = await allPages(async (cursor) => {
              const page = await client.call(list, listOf(view), {
                query: resource.unpaged ? {} : { limit: 100, cursor },
              });
              return { items: page.items, next: page.next_cursor };
            });
            return { data: { items: [...items] }, table: table(items) };
          },
        }),
      );
    }
    group.addCommand(
      bind(new Command('get').description(`read ${words}`).argument(...ID), {
        given: z.object({ id: z.string() }),
        answer: One,
        examples: [`sluice ${name} get ID --output yaml`],
        run: async ({ id }, session) =>
          outcome(await (await session.client()).call(endpoints.get, view, { params: params(id) })),
      }),
    );
    group.addCommand(
      bind(
        new Command('create')
          .description(`create ${words}`)
          .requiredOption(...FILE)
          .option(...REASON)
          .addHelpText('after', MEMBERS),
        {
          given: z.object({ file: z.string(), reason: z.optional(z.string()) }),
          tryable: true,
          answer: One,
          examples: [`echo '${example}' | sluice ${name} create -f -`],
          async run({ file, reason }, session) {
            const body = { ...(await membersIn(session.terminal, file)), ...defined({ reason }) };
            return outcome(await (await session.client()).call(endpoints.create, view, { body }));
          },
        },
      ),
    );
    group.addCommand(
      bind(
        new Command('change')
          .description(`change part of ${words}; null takes a member away`)
          .argument(...ID)
          .requiredOption(...FILE)
          .option(...REASON)
          .addHelpText('after', MEMBERS),
        {
          given: z.object({ id: z.string(), file: z.string(), reason: z.optional(z.string()) }),
          tryable: true,
          answer: One,
          examples: [`sluice ${name} change ID -f change.yaml --reason "as agreed"`],
          async run({ id, file, reason }, session) {
            const body = { ...(await membersIn(session.terminal, file)), ...defined({ reason }) };
            return outcome(
              await (await session.client()).call(endpoints.patch, view, { params: params(id), body }),
            );
          },
        },
      ),
    );
    return group.addCommand(
      bind(
        new Command('delete')
          .description(`delete ${words}`)
          .argument(...ID)
          .option(...REASON),
        {
          given: z.object({ id: z.string(), reason: z.optional(z.string()) }),
          tryable: true,
          answer: z.object({ deleted: z.string() }),
          examples: [`sluice ${name} delete ID --reason "not used any more"`],
          async run({ id, reason }, session) {
            await (await session.client()).send(endpoints.remove, { params: params(id), query: { reason } });
            return { data: { deleted: id }, text: `Deleted ${key} ${id}.` };
          },
        },
      ),
    );
  };
}

const plural = (words: string): string => `${words.replace(/^an? /, '').replace(/([^aeiou])y$/, '$1ie')}s`;

async function membersIn(terminal: Parameters<typeof structureOfFile>[0], file: string): Promise<object> {
  const structure = await structureOfFile(terminal, file);
  if (typeof structure !== 'object' || structure === null || Array.isArray(structure)) {
    throw misused(`${file === '-' ? 'standard input' : file} holds no members`);
  }
  return structure;
}

/** A member in one cell: texts as they are, `–` for none, anything deeper as JSON. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The nouns of the catalog. */
export const NOUNS = {
  environments: nounVerb({
    name: 'environments',
    resource: environments,
    view: EnvironmentView,
    key: 'name',
    columns: ['name', 'rank', 'protected', 'aliases', 'tag_suffix'],
    example: '{"name":"canary","rank":25}',
  }),
  rules: nounVerb({
    name: 'rules',
    resource: rules,
    view: RuleView,
    key: 'id',
    columns: [
      'id',
      'name',
      'source_environment',
      'target_environment',
      'requires_approval',
      'auto_promote',
      'status',
    ],
    example:
      '{"name":"nightly","source_environment":"dev","target_environment":"staging","auto_promote":true}',
  }),
  policies: nounVerb({
    name: 'policies',
    resource: approvalPolicies,
    view: ApprovalPolicyView,
    key: 'id',
    columns: ['id', 'name', 'environments', 'required_approvers', 'expires_after'],
    example: '{"name":"two of us","environments":["production"],"required_approvers":2}',
  }),
  gateways: nounVerb({
    name: 'gateways',
    resource: gateways,
    view: gateway.view,
    key: 'id',
    columns: ['id', 'environment', 'driver', 'endpoint', 'status'],
    example: '{"id":"gw-1","environment":"staging"}',
  }),
  registries: nounVerb({
    name: 'registries',
    resource: registries,
    view: RegistryView,
    key: 'id',
    columns: ['id', 'role', 'type', 'url', 'repository_prefix'],
    example: '{"id":"main","role":"primary","url":"https://registry.example.com"}',
  }),
  channels: nounVerb({
    name: 'channels',
    resource: channels,
    view: ChannelView,
    key: 'id',
    columns: ['id', 'name', 'type', 'status'],
    example: '{"name":"approvers","type":"email","recipients":"approvers"}',
  }),
  consumers: nounVerb({
    name: 'consumers',
    resource: consumers,
    view: ConsumerView,
    key: 'id',
    columns: ['id', 'name', 'environment', 'artifact', 'constraint', 'warning'],
    example: '{"name":"billing","environment":"production","artifact":"platform","constraint":"^1.2.0"}',
  }),
};
