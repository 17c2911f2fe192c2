import {
  answerKey,
  catalogKey,
  formerHeadKey,
  headKey,
  revisionKey,
} from '../../../functions/adapters/dynamodb/keys.ts';
import {
  attemptKey,
  deploymentKey,
  momentKey,
  rollUpKey,
  timelineKey,
} from '../../../functions/adapters/dynamodb/keys-deployment.ts';
import { assertRises } from '../../../functions/adapters/dynamodb/write-rules.ts';
import type { Memory } from './memory-map.ts';
import { creation, type Prepared, replacement, type WriteOf } from './prepared.ts';

export function headWrite(memory: Memory, tenant: string, write: WriteOf<'head'>): Prepared {
  const { head, expected } = write;
  assertRises('head', expected, head.version);
  return replacement(memory.heads, headKey(tenant, head.slot), head, expected);
}

/** Heads that begin again, each beside the one before; and that no environment of the name is there. */
export function madeAgainWrite(
  memory: Memory,
  tenant: string,
  { environment, heads }: WriteOf<'made_again'>,
): Prepared {
  const parts = heads.flatMap(({ former, head }) => [
    headWrite(memory, tenant, { write: 'head', head, expected: former.version }),
    creation(memory.formerHeads, formerHeadKey(tenant, former.slot), former),
  ]);
  const gone = memory.environment.get(catalogKey(tenant, 'environment', environment)) === undefined;
  return {
    keys: parts.flatMap(({ keys }) => keys),
    holds: gone && parts.every(({ holds }) => holds),
    apply() {
      for (const { apply } of parts) apply();
    },
  };
}

export function revisionWrite(memory: Memory, tenant: string, write: WriteOf<'revision'>): Prepared {
  const { revision } = write;
  return creation(memory.revisions, revisionKey(tenant, revision.slot, revision.number), revision);
}

export function deploymentWrite(memory: Memory, tenant: string, write: WriteOf<'deployment'>): Prepared {
  const { deployment, expected } = write;
  assertRises(`deployment ${deployment.id}`, expected, deployment.version);
  return replacement(memory.deployments, deploymentKey(tenant, deployment.id), deployment, expected);
}

export function rollUpWrite(memory: Memory, tenant: string, write: WriteOf<'roll_up'>): Prepared {
  const { roll_up, expected } = write;
  assertRises(`roll-up of ${roll_up.day}`, expected, roll_up.version);
  return replacement(memory.rollUps, rollUpKey(tenant, roll_up.scope, roll_up.day), roll_up, expected);
}

export function momentWrite(memory: Memory, tenant: string, write: WriteOf<'moment'>): Prepared {
  const key = momentKey(tenant, write.of, write.what, write.moment);
  return {
    keys: [key],
    holds: true,
    apply: () => memory.moments.set(key, { what: write.what, moment: write.moment }),
  };
}

export function timelineWrite(memory: Memory, tenant: string, write: WriteOf<'timeline'>): Prepared {
  const key = timelineKey(tenant, write.of);
  const version = write.expected + 1;
  return replacement(memory.timelines, key, { version }, write.expected);
}

export function attemptWrite(memory: Memory, tenant: string, write: WriteOf<'attempt'>): Prepared {
  const key = attemptKey(tenant, write.deployment_id, write.rule_id, write.rule_version);
  return creation(memory.attempts, key, write.promotion_id);
}

/** `now` is at hand here; an expired answer no longer holds its place. */
export function answerWrite(memory: Memory, tenant: string, write: WriteOf<'answer'>, now: string): Prepared {
  const key = answerKey(tenant, write.answer.key);
  const kept = memory.answers.get(key);
  const holds = kept === undefined || Date.parse(kept.expires_at) <= Date.parse(now);
  return { ...creation(memory.answers, key, write.answer), holds };
}
