import { createHash } from 'node:crypto';
import {
  ALGORITHM,
  type ChainHead,
  checkpointDigest,
  checkpointOf,
} from '../../functions/domain/audit/checkpoint.ts';
import { exportLine } from '../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../functions/domain/audit/verify.ts';
import type { Command } from '../../functions/domain/promotion/commands.ts';
import { decide } from '../../functions/domain/promotion/decider.ts';
import type { StoredEvent } from '../../functions/domain/promotion/events.ts';
import { promotionChain } from '../../functions/domain/promotion/evolve.ts';
import { append } from '../../functions/domain/promotion/history.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import { type History, promotionAfter } from '../support/decider-specification.ts';
import { alice, asks, dev, NOON } from '../support/promotion-facts.ts';
import { testSigner } from '../support/signer.ts';
import { printTable, quantile } from './print.ts';

const EVENTS = 100_000;
const ROUNDS = 3;

/**
 * Verifying an export of 100,000 events offline: signature, chains, and every decision made again; as one promotion's chain and as many
 * chains of ten. Beside it, SHA-256 over the same bytes: no verifier can do less.
 */
export async function benchVerification(): Promise<void> {
  const publicKey = await testSigner.publicKey();
  const rows: (string | number)[][] = [
    ['export', 'MB', 'verified ms', 'events per second', 'hashing ms', 'times hashing'],
  ];
  for (const [name, length] of [
    ['one chain', EVENTS],
    ['chains of 10', 10],
  ] as const) {
    const lines = await exported(EVENTS / length, length);
    const found = verifyExport(lines, publicKey);
    if (found.problems.length > 0 || found.entries !== EVENTS)
      throw new Error(JSON.stringify(found.problems[0]));
    const verified = best(() => verifyExport(lines, publicKey));
    const hashing = best(() => lines.map((line) => createHash('sha256').update(line).digest('hex')));
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    rows.push([name, bytes / 1e6, verified, EVENTS / (verified / 1000), hashing, verified / hashing]);
  }
  printTable(`Verifying ${EVENTS} events offline`, rows);
}

/** So many promotions that were scheduled and unscheduled until their chains had that length. */
async function exported(chains: number, length: number): Promise<readonly string[]> {
  const lines: string[] = [];
  const heads: ChainHead[] = [];
  for (let n = 0; n < chains; n += 1) {
    const { id, events, chain } = lived(n, length);
    for (const event of events) lines.push(exportLine({ chain: promotionChain(id), event }));
    heads.push({ chain: promotionChain(id), length: events.length, digest: chain });
  }
  const checkpoint = checkpointOf({ tenant: 'acme', as_of: NOON, key_id: testSigner.keyId() }, heads);
  const value = await testSigner.sign(checkpointDigest(checkpoint));
  return [exportLine({ checkpoint, signature: { algorithm: ALGORITHM, value } }), ...lines];
}

function lived(n: number, length: number) {
  const begun: History = promotionAfter({ ...asks.request(), id: `prom-${n}` }, byAlice(asks.approve()));
  const events: StoredEvent[] = [...begun.events];
  let { state } = begun;
  for (let at = events.length; at < length; at += 1) {
    const command =
      state.status === 'scheduled' ? asks.unschedule() : asks.schedule('2026-11-21T13:00:00.000Z');
    const context = { actor: dev, now: NOON };
    const decided = decide(state, command, context);
    if (isRefusal(decided)) throw new Error(decided.detail);
    const next = append(state, decided, context);
    events.push(...next.events);
    state = next.state;
  }
  return { id: state.id, events, chain: state.chain };
}

const byAlice = (command: Command) => ({ command, actor: alice, now: NOON });

/** Milliseconds of the best of some rounds. */
function best(act: () => unknown): number {
  return quantile(
    Array.from({ length: ROUNDS }, () => {
      const begun = performance.now();
      act();
      return performance.now() - begun;
    }),
    0,
  );
}
