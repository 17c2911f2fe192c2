import { base64Of, bytesOfText } from '../../domain/digest.ts';
import { Fault } from '../../domain/faults.ts';
import {
  headSaid,
  logOrigin,
  openCheckpoint,
  type TreeHead,
} from '../../domain/transparency-log/checkpoint.ts';
import { consistencyRanges, isConsistent, isSame } from '../../domain/transparency-log/merkle.ts';
import type { Marked } from '../../ports/log-objects.ts';
import type { LogHead } from '../../ports/log-tree.ts';
import type { NoteSigner } from '../../ports/note-signer.ts';
import type { LogStores } from './deps.ts';
import { rootsOf } from './roots.ts';

/**
 * Whether readers see more of a log than the table knows, which is so after the table was restored to an earlier minute. The log then goes
 * on from what was signed, and nothing is forked: this takes over the published checkpoint as the head, when the key signed it and its tree
 * continues the head. Throws `Corrupt` when it does not.
 */
export async function isAhead(
  { logObjects, logTree, noteSigner }: LogStores & { readonly noteSigner: NoteSigner },
  tenant: string,
  { head, version }: { readonly head: LogHead; readonly version: number },
  published: Marked | undefined,
): Promise<boolean> {
  const checkpoint = published === undefined ? undefined : new TextDecoder().decode(published.bytes);
  const said = checkpoint === undefined ? undefined : headSaid(checkpoint);
  if (checkpoint === undefined || said === undefined) return false;
  const own = { size: head.size, root: bytesOfText(head.root) ?? new Uint8Array(0) };
  // A batch that was decided is published before it becomes the head.
  const decided = head.size + (head.batch?.length ?? 0);
  if (said.size < head.size || (said.size === decided && decided > head.size)) return false;
  if (said.size === head.size && isSame(said.root, own.root)) return false;
  // A feeder that is ahead of this one has moved the head, and there is nothing to take over.
  if ((await logTree.read(tenant))?.version !== (version === 0 ? undefined : version)) return true;
  const public_key = await noteSigner.publicKey();
  const opened = openedBy([public_key, head.signed?.public_key], checkpoint);
  if (opened?.head.origin !== logOrigin(tenant)) throw strange(tenant, said);
  const ranges = consistencyRanges(own.size, opened.head.size);
  const path = await rootsOf({ logObjects }, tenant, opened.head.size, ranges);
  if (!isConsistent(own, opened.head, path)) throw strange(tenant, said);
  const { size, root } = opened.head;
  const signed = { checkpoint, public_key: opened.public_key };
  const { cosigned } = head;
  const next = { size, root: base64Of(root), signed, ...(cosigned === undefined ? {} : { cosigned }) };
  await logTree.swap(tenant, version, next);
  return true;
}

function openedBy(keys: readonly (string | undefined)[], checkpoint: string) {
  for (const public_key of keys.filter((key) => key !== undefined)) {
    const head = openCheckpoint(checkpoint, public_key);
    if (head !== undefined) return { head, public_key };
  }
  return undefined;
}

const strange = (tenant: string, { size }: TreeHead): Fault =>
  new Fault(
    'Corrupt',
    `the log of ${tenant} has a checkpoint of ${size} entries that does not continue its head`,
  );
