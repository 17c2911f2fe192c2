import { EnvironmentView, environments } from '../../functions/contract/environments.ts';
import { listOf } from '../../functions/contract/fields.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Client } from '../http/client.ts';
import { allPages } from './pages.ts';

const Page = listOf(EnvironmentView);

/** The pipeline: every environment in order of rank. */
export async function pipeline(client: Client): Promise<readonly EnvironmentView[]> {
  const { list } = environments.endpoints;
  if (list === undefined) return [];
  const { items } = await allPages(async (cursor) => {
    const page = await client.call(list, Page, { query: { limit: 100, cursor } });
    return { items: page.items, next: page.next_cursor };
  });
  return items.toSorted((a, b) => a.rank - b.rank);
}

/** An environment of a pipeline by name or alias, in any letter case. */
export function named(all: readonly EnvironmentView[], name: string): EnvironmentView {
  const wanted = name.toLowerCase();
  const found = all.find(
    (one) => one.name.toLowerCase() === wanted || one.aliases.some((alias) => alias.toLowerCase() === wanted),
  );
  if (found !== undefined) return found;
  throw new Failure('unknown_environment', EXIT.not_found, `there is no environment ${name}`, {
    hint: `There are ${all.map((one) => one.name).join(', ')}.`,
  });
}

/** The environment before another. */
export function before(all: readonly EnvironmentView[], target: EnvironmentView): EnvironmentView {
  const found = all[all.indexOf(target) - 1];
  if (found !== undefined) return found;
  throw new Failure('invalid_transition', EXIT.invalid_transition, `${target.name} is the first environment`);
}
