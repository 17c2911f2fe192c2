import * as z from 'zod';
import { AwsError } from '../aws-endpoint.ts';
import { parse } from './input.ts';

/** Entries of one batch at most. */
export const maxEntries = 10;

const entriesInput = z.looseObject({
  Entries: z.array(z.looseObject({ Id: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/) })),
});

/** One entry of a batch: its own id, and what a call for it alone would be given. */
export type Entry = z.infer<typeof entriesInput>['Entries'][number];

/** A batch: each entry succeeds or fails by itself, under its own id. `check` may refuse them all. */
export function eachEntry(
  raw: unknown,
  perform: (entry: Entry) => object,
  check: (entries: readonly Entry[]) => void = () => {},
) {
  const { Entries: entries } = parse(entriesInput, raw);
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There are no entries.');
  if (entries.length > maxEntries) {
    throw new AwsError('TooManyEntriesInBatchRequest', `The batch has more than ${maxEntries} entries.`);
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two entries have the same Id.');
  }
  check(entries);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...perform(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
