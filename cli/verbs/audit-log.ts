import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod/mini';
import { verifyConsistency } from '../../functions/domain/transparency-log/consistency.ts';
import { type ProofVerified, verifyProof } from '../../functions/domain/transparency-log/proof.ts';
import { type Cosigner, cosignerIn, isCosigned } from '../../functions/domain/transparency-log/witness.ts';
import { EXIT } from '../exit.ts';
import { Failure, misused } from '../failure.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';

/** `sluice audit verify-proof`: one promotion is in the log. */
export const verifyProofOf = (bind: Bind): Command =>
  bind(
    new Command('verify-proof')
      .description('verify the proof of a promotion by the transparency log, offline')
      .argument('<file>', 'what `GET /api/v1/promotions/{id}/proof` answered, to the byte')
      .option(
        '--key <file>',
        'the public key that is trusted (default: the one in the file, which then vouches for itself)',
      )
      .option(
        '--witness <key...>',
        'verifier keys of witnesses (`name+id+key`) that must all have cosigned the checkpoint',
      ),
    {
      given: z.object({
        file: z.string(),
        key: z.optional(z.string()),
        witness: z.optional(z.array(z.string())),
      }),
      answer: z.object({
        promotion: z.string(),
        events: z.number(),
        origin: z.string(),
        index: z.number(),
        size: z.number(),
        key_trusted: z.boolean(),
        cosigned_by: z.array(z.string()),
      }),
      examples: ['sluice audit verify-proof proof.json --key log.pub'],
      async run({ file, key, witness = [] }, { terminal }) {
        const read = reader(terminal);
        const trusted = key === undefined ? undefined : await read(key);
        const witnesses = witness.map(cosignerNamed);
        const text = await read(file);
        const found = witnessed(verifyProof(text, trusted), text, witnesses);
        const key_trusted = key !== undefined;
        if ('problem' in found) {
          const data = { ...NOTHING, key_trusted, cosigned_by: [] };
          return { data, failed: new Failure('not_verified', EXIT.signature, `${file} ${found.problem}`) };
        }
        const { promotion, events, origin, index, size } = found;
        const where = `entry ${index} of ${size} in ${origin}`;
        return {
          data: { ...found, key_trusted, cosigned_by: witnesses.map(({ name }) => name) },
          text: `Verified: ${events} events of ${promotion}, ${where}${cosignedBy(witnesses)}.`,
          ...(key_trusted ? {} : UNTRUSTED),
        };
      },
    },
  );

const NOTHING = { promotion: '', events: 0, origin: '', index: 0, size: 0 };

function cosignerNamed(key: string): Cosigner {
  const cosigner = cosignerIn(key);
  if (cosigner === undefined) throw misused(`--witness ${key} is no verifier key of an Ed25519 cosigner`);
  return cosigner;
}

/** What was verified, unless a witness that is named did not cosign it. */
function witnessed(found: ProofVerified, text: string, witnesses: readonly Cosigner[]): ProofVerified {
  if ('problem' in found) return found;
  const missing = witnesses.find((each) => !isCosigned(checkpointIn('the proof', text), each));
  return missing === undefined ? found : { problem: `has a checkpoint that ${missing.name} did not cosign` };
}

const cosignedBy = (witnesses: readonly Cosigner[]): string =>
  witnesses.length === 0 ? '' : `, cosigned by ${witnesses.map(({ name }) => name).join(' and ')}`;

/** `sluice audit verify-consistency`: a log continues an older checkpoint. */
export const verifyTwo = (bind: Bind): Command =>
  bind(
    new Command('verify-consistency')
      .description('verify that the log continues a checkpoint that you kept, offline')
      .argument(
        '<older>',
        'the checkpoint that you kept: the signed note, or any file of Sluice that has one',
      )
      .argument('<answer>', 'what `GET /api/v1/audit/log?first=<entries of the older one>` answered')
      .option('--newer <file>', 'the newer checkpoint, when the answer was asked for with `second`')
      .option('--key <file>', 'the public key that is trusted (default: the one in the answer)')
      .option('--older-key <file>', 'the key of the older checkpoint, when the log has had a new key since'),
    {
      given: z.object({
        older: z.string(),
        answer: z.string(),
        newer: z.optional(z.string()),
        key: z.optional(z.string()),
        olderKey: z.optional(z.string()),
      }),
      answer: z.object({
        origin: z.string(),
        first: z.number(),
        second: z.number(),
        key_trusted: z.boolean(),
      }),
      examples: ['sluice audit verify-consistency march.json answer.json --key log.pub'],
      async run({ older, answer, newer, key, olderKey }, { terminal }) {
        const read = reader(terminal);
        const { checkpoint, path, public_key } = answerIn(answer, await read(answer));
        const found = verifyConsistency({
          older: checkpointIn(older, await read(older)),
          newer: newer === undefined ? checkpoint : checkpointIn(newer, await read(newer)),
          path,
          publicKey: key === undefined ? public_key : await read(key),
          ...(olderKey === undefined ? {} : { olderKey: await read(olderKey) }),
        });
        const key_trusted = key !== undefined;
        if ('problem' in found) {
          const data = { origin: '', first: 0, second: 0, key_trusted };
          return { data, failed: new Failure('not_verified', EXIT.signature, found.problem) };
        }
        const { origin, first, second } = found;
        return {
          data: { ...found, key_trusted },
          text: `Verified: the ${second} entries of ${origin} begin with the ${first} that you kept.`,
          ...(key_trusted ? {} : UNTRUSTED),
        };
      },
    },
  );

const UNTRUSTED = {
  hint: 'The key came with the file: give --key to check it against one that you trust.',
};

const Answer = z.object({
  checkpoint: z.string(),
  path: z.array(z.string()),
  public_key: z.string(),
});

function answerIn(file: string, text: string): z.infer<typeof Answer> {
  const read = z.safeParse(Answer, parsed(text));
  if (!read.success) throw misused(`${file} is no answer of GET /api/v1/audit/log`);
  return read.data;
}

/** A checkpoint as it is, or the one in an answer or a proof. */
function checkpointIn(file: string, text: string): string {
  if (!text.startsWith('{')) return text;
  const read = z.safeParse(z.object({ checkpoint: z.string() }), parsed(text));
  if (!read.success) throw misused(`${file} has no checkpoint`);
  return read.data.checkpoint;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const reader = (terminal: Session['terminal']) => (name: string) =>
  readFile(resolve(terminal.cwd, name), 'utf8').catch(unreadable(name));

export const unreadable = (file: string) => (error: Error) => {
  throw misused(`cannot read ${file}: ${error.message}`);
};
