import { consistencyRanges } from '../../domain/transparency-log/merkle.ts';
import {
  isCosigned,
  sizeSeen,
  submission,
  type Witness,
  withCosignature,
} from '../../domain/transparency-log/witness.ts';
import type { Egress } from '../../ports/egress.ts';
import type { LogHead } from '../../ports/log-tree.ts';
import type { LogStores } from './deps.ts';
import { publishCheckpoint } from './objects.ts';
import { rootsOf } from './roots.ts';

/** Who is asked to cosign checkpoints, and how. */
export type Witnesses = { readonly all: readonly Witness[]; readonly egress: Egress };

/** A checkpoint that a witness did not cosign, and why. It is asked again with the next one. */
export type Uncosigned = { readonly tenant: string; readonly witness: string; readonly problem: string };

type Answer = { readonly lines: string } | { readonly problem: string; readonly silent?: true };

/** Milliseconds that a witness has to answer, and bytes of its answer that are read. */
const PATIENCE = 5_000;
const MAX_ANSWER = 16_384;

/**
 * Asks the witnesses to cosign the newest checkpoint of a log, and publishes it again with what they signed. The log never waits for them:
 * who does not answer is `silent`, and not asked again in this run.
 */
export async function cosign(
  deps: LogStores,
  witnesses: Witnesses,
  tenant: string,
  silent: Set<string>,
): Promise<readonly Uncosigned[]> {
  const found = await deps.logTree.read(tenant);
  const signed = found?.head.signed;
  // What is being added now has a checkpoint soon.
  if (found === undefined || signed === undefined || found.head.batch !== undefined) return [];
  const { head, version } = found;
  const asked = witnesses.all.filter(
    (each) => !silent.has(each.name) && !isCosigned(signed.checkpoint, each),
  );
  const answers = await Promise.all(asked.map((each) => ask(deps, witnesses.egress, tenant, head, each)));
  const problems: Uncosigned[] = [];
  let { checkpoint } = signed;
  const cosigned: { [witness: string]: number } = { ...head.cosigned };
  for (const [at, witness] of asked.entries()) {
    const answer = answers[at] ?? { problem: 'was not asked' };
    if ('problem' in answer) {
      problems.push({ tenant, witness: witness.name, problem: answer.problem });
      if (answer.silent) silent.add(witness.name);
    } else {
      checkpoint = withCosignature(checkpoint, answer.lines, witness) ?? checkpoint;
      cosigned[witness.name] = head.size;
    }
  }
  if (checkpoint === signed.checkpoint) return problems;
  await publishCheckpoint(deps.logObjects, tenant, { checkpoint, from: head.size - 1 });
  // Whoever moved the head meanwhile has a newer checkpoint.
  await deps.logTree.swap(tenant, version, { ...head, cosigned, signed: { ...signed, checkpoint } });
  return problems;
}

/** Begins at the size that the witness cosigned last; one that has seen another size says so, and is asked once more from there. */
async function ask(
  deps: LogStores,
  egress: Egress,
  tenant: string,
  { size, signed, cosigned }: LogHead,
  witness: Witness,
): Promise<Answer> {
  const checkpoint = signed?.checkpoint ?? '';
  let old = Math.min(cosigned?.[witness.name] ?? 0, size);
  for (let tries = 0; tries < 2; tries += 1) {
    const path = await rootsOf(deps, tenant, size, consistencyRanges(old, size));
    const sent = await egress.send({
      method: 'POST',
      url: `${witness.url}/add-checkpoint`,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: submission(old, path, checkpoint),
      timeout_ms: PATIENCE,
      max_bytes: MAX_ANSWER,
    });
    if (sent.result !== 'answered') return { problem: sent.message, silent: true };
    const seen = sent.status === 409 ? sizeSeen(sent.body) : undefined;
    if (seen === undefined || seen === old) return judged(sent.status, sent.body, checkpoint, witness);
    if (seen > size) return { problem: `has cosigned ${seen} entries, and the log has ${size}` };
    old = seen;
  }
  return { problem: 'is asked by others at the same time' };
}

const REFUSED: { readonly [status: number]: string } = {
  403: 'does not know the key of this log: give it the verifier key',
  404: 'does not know this log: give it the verifier key',
  409: 'has cosigned another log of this size: the log was forked',
  422: 'finds that the log does not continue what it has cosigned: the log was forked',
};

function judged(status: number, body: string, checkpoint: string, witness: Witness): Answer {
  if (status !== 200) {
    const problem = REFUSED[status] ?? `answered ${status}`;
    return status >= 500 ? { problem, silent: true } : { problem };
  }
  const cosigned = withCosignature(checkpoint, body, witness);
  return cosigned === undefined ? { problem: 'answered no good cosignature by its key' } : { lines: body };
}
