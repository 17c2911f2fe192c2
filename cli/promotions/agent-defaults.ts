import * as z from 'zod/mini';
import { listAgentDeployments } from '../../functions/contract/deployments.ts';
import { listOf } from '../../functions/contract/fields.ts';
import { gateways } from '../../functions/contract/gateways.ts';
import { gateway } from '../../functions/domain/catalog/gateway.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Client } from '../http/client.ts';
import { before, named, pipeline } from './environments.ts';
import { allPages } from './pages.ts';

const Deployments = z.object({ items: z.array(z.object({ id: z.string(), status: z.string() })) });

/** The newest live deployment of an agent in the source, where the caller names none. */
export async function agentSource(
  client: Client,
  agent: string,
  { from, to }: { readonly from?: string | undefined; readonly to: string },
): Promise<string> {
  const all = await pipeline(client);
  const environment = from === undefined ? before(all, named(all, to)).name : from;
  const { items } = await client.call(listAgentDeployments, Deployments, {
    query: { agent_id: agent, environment, limit: 100 },
  });
  const live = items.find(({ status }) => status === 'DEPLOYED');
  if (live !== undefined) return live.id;
  throw new Failure(
    'source_not_deployed',
    EXIT.not_in_environment,
    `${agent} is not deployed in ${environment}`,
  );
}

/** The only active gateway of the target, where the caller names none. */
export async function gatewayIn(client: Client, to: string): Promise<string> {
  const { list } = gateways.endpoints;
  const target = named(await pipeline(client), to).name;
  if (list === undefined) return '';
  const { items } = await allPages(async (cursor) => {
    const page = await client.call(list, listOf(gateway.view), { query: { limit: 100, cursor } });
    return { items: page.items, next: page.next_cursor };
  });
  const there = items.filter(({ environment, status }) => environment === target && status === 'active');
  const [only] = there;
  if (only !== undefined && there.length === 1) return only.id;
  const which = there.map(({ id }) => id).join(', ');
  throw new Failure(
    'unknown_gateway',
    only === undefined ? EXIT.not_found : EXIT.usage,
    only === undefined ? `${target} has no active gateway` : `${target} has several gateways: ${which}`,
    only === undefined ? {} : { hint: 'Name one with --gateway.' },
  );
}
