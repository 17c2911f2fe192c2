import { Command } from 'commander';
import * as z from 'zod/mini';
import { diffConfig } from '../../functions/contract/config-promotions.ts';
import { EXIT } from '../exit.ts';
import type { Client } from '../http/client.ts';
import type { Cell } from '../output/table.ts';
import type { Bind } from '../verb.ts';

const flagKind = { kind: z.optional(z.literal('flag')) };
const Sided = z.object({ key: z.string(), ...flagKind, value: z.unknown() });
const Modified = z.object({
  key: z.string(),
  ...flagKind,
  sourceValue: z.unknown(),
  targetValue: z.unknown(),
});

/** How two environments differ, as `GET /config/promotions/diff` answers over all its pages. */
const DiffAnswer = z.object({
  sourceEnvironment: z.string(),
  targetEnvironment: z.string(),
  added: z.array(Sided),
  modified: z.array(Modified),
  removed: z.array(Sided),
  unchanged: z.number(),
  owned: z.array(z.object({ key: z.string(), ...flagKind })),
});
type Diff = z.infer<typeof DiffAnswer>;
const Page = z.object({
  ...DiffAnswer.shape,
  owned: z.optional(DiffAnswer.shape.owned),
  nextCursor: z.optional(z.string()),
});

/** `sluice diff A B`: exits 1 where they differ, as diff does. */
export const diff = (bind: Bind): Command =>
  bind(
    new Command('diff')
      .description('how the configuration of two environments differs; exits 1 where it does')
      .argument('<source>', 'an environment')
      .argument('<target>', 'another one'),
    {
      given: z.object({ source: z.string(), target: z.string() }),
      answer: DiffAnswer,
      examples: ['sluice diff staging production', 'sluice diff staging production --output csv'],
      async run({ source, target }, session) {
        const found = await wholeDiff(await session.client(), source, target);
        const { added, modified, removed, unchanged, owned } = found;
        const count = added.length + modified.length + removed.length;
        const summary = `${added.length} added, ${modified.length} modified, ${removed.length} removed, ${unchanged} unchanged${owned.length > 0 ? `, ${owned.length} owned by ${found.targetEnvironment}` : ''}`;
        if (count === 0) return { data: found, text: `No differences: ${summary}.` };
        return {
          data: found,
          text: `${found.sourceEnvironment} → ${found.targetEnvironment}: ${summary}`,
          table: {
            columns: ['Change', 'Key', found.targetEnvironment, found.sourceEnvironment],
            rows: rowsOf(found),
          },
          exit: EXIT.other,
        };
      },
    },
  );

async function wholeDiff(client: Client, source: string, target: string): Promise<Diff> {
  let cursor: string | undefined;
  let whole: Diff | undefined;
  do {
    const {
      nextCursor,
      owned = [],
      ...page
    } = await client.call(diffConfig, Page, {
      query: { source, target, limit: 1000, cursor },
    });
    whole = {
      ...page,
      added: [...(whole?.added ?? []), ...page.added],
      modified: [...(whole?.modified ?? []), ...page.modified],
      removed: [...(whole?.removed ?? []), ...page.removed],
      owned: [...(whole?.owned ?? []), ...owned],
    };
    cursor = nextCursor;
  } while (cursor !== undefined);
  return whole;
}

function rowsOf({ added, modified, removed }: Diff): readonly (readonly Cell[])[] {
  const named = ({ key, kind }: { key: string; kind?: 'flag' | undefined }) =>
    kind === undefined ? key : `flag ${key}`;
  return [
    ...added.map((one): Cell[] => [{ text: '+ added', tone: 'good' }, named(one), '', shown(one.value)]),
    ...modified.map((one): Cell[] => [
      { text: '~ modified', tone: 'waiting' },
      named(one),
      shown(one.targetValue),
      shown(one.sourceValue),
    ]),
    ...removed.map((one): Cell[] => [{ text: '- removed', tone: 'bad' }, named(one), shown(one.value), '']),
  ];
}

const shown = (value: unknown): string => JSON.stringify(value) ?? '';
