import { weakenedKey } from '../../../functions/adapters/dynamodb/keys.ts';
import { assertDistinct } from '../../../functions/adapters/dynamodb/write-rules.ts';
import type { CommitResult, Write } from '../../../functions/ports/transaction.ts';
import { artifactVersionWrite } from './artifacts.ts';
import { catalogRemoval, catalogWrite, guardsOf, guardWrite, occupancyCheck } from './catalog-writes.ts';
import { changeWrite } from './change-log.ts';
import {
  machineRemoval,
  machineWrite,
  membershipRemoval,
  membershipWrite,
  tenantWrite,
} from './directory-writes.ts';
import { evidenceWrite, providerAnswerWrite, unwatchWrite, watchWrite } from './evidence.ts';
import { newsWrite } from './log.ts';
import { type Memory, nameOf } from './memory-map.ts';
import { creation, type Prepared } from './prepared.ts';
import { holdWrite, openWrite, promotionWrite } from './promotion-writes.ts';
import { linkUseWrite } from './secrets.ts';
import {
  answerWrite,
  attemptWrite,
  deploymentWrite,
  headWrite,
  madeAgainWrite,
  momentWrite,
  revisionWrite,
  rollUpWrite,
  timelineWrite,
} from './slot-writes.ts';
import { openedWrite, stoppedWrite } from './unblock-records.ts';

/** All writes or none, at once: nothing runs between the look at the conditions and the writing. */
export function commit(memory: Memory, tenant: string, writes: readonly Write[], now: string): CommitResult {
  const guards = guardsOf(writes);
  const prepare = (write: Write): Prepared => {
    switch (write.write) {
      case 'promotion':
        return promotionWrite(memory, tenant, write);
      case 'open':
        return openWrite(memory, tenant, write);
      case 'hold':
        return holdWrite(memory, tenant, write);
      case 'head':
        return headWrite(memory, tenant, write);
      case 'made_again':
        return madeAgainWrite(memory, tenant, write);
      case 'revision':
        return revisionWrite(memory, tenant, write);
      case 'deployment':
        return deploymentWrite(memory, tenant, write);
      case 'roll_up':
        return rollUpWrite(memory, tenant, write);
      case 'moment':
        return momentWrite(memory, tenant, write);
      case 'timeline':
        return timelineWrite(memory, tenant, write);
      case 'attempt':
        return attemptWrite(memory, tenant, write);
      case 'evidence':
        return evidenceWrite(memory, tenant, write);
      case 'provider_answer':
        return providerAnswerWrite(memory, tenant, write);
      case 'watch':
        return watchWrite(memory, tenant, write);
      case 'unwatch':
        return unwatchWrite(memory, tenant, write);
      case 'answer':
        return answerWrite(memory, tenant, write, now);
      case 'artifact_version':
        return artifactVersionWrite(memory, tenant, write);
      case 'link_use':
        return linkUseWrite(memory, write);
      case 'catalog':
        return catalogWrite(memory, tenant, write);
      case 'catalog_delete':
        return catalogRemoval(memory, tenant, write);
      case 'check_guard':
      case 'raise_guard':
        return guardWrite(memory, tenant, write, guards);
      case 'check_occupancy':
        return occupancyCheck(memory, tenant, write);
      case 'stopped':
        return stoppedWrite(memory, tenant, write);
      case 'opened':
        return openedWrite(memory, tenant, write);
      case 'change':
        return changeWrite(memory, tenant, write.change);
      case 'weakened': {
        const { environment, weakened } = write;
        const key = weakenedKey(tenant, environment, weakened.at, weakened.seq);
        return creation(memory.weakened, key, weakened);
      }
      case 'membership':
        return membershipWrite(memory, tenant, write);
      case 'membership_delete':
        return membershipRemoval(memory, tenant, write);
      case 'machine':
        return machineWrite(memory, tenant, write);
      case 'machine_delete':
        return machineRemoval(memory, tenant, write);
      case 'tenant':
        return tenantWrite(memory, tenant, write);
      default:
        return write satisfies never;
    }
  };
  const prepared = writes.map(prepare);
  assertDistinct(prepared.flatMap(({ keys }) => keys.map(nameOf)));
  const lost = prepared.flatMap(({ holds }, index) => (holds ? [] : [index]));
  if (lost.length > 0) return { committed: false, lost };
  for (const { apply } of prepared) apply();
  newsWrite(memory, tenant, writes);
  return { committed: true };
}
