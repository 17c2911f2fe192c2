import type { CommitResult } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import type { DispatchDeps } from './dispatch-outbox.ts';

type Writing = Pick<Deps, 'transactions'>;
type Dispatching = Pick<DispatchDeps, 'workflow' | 'bus' | 'scheduler' | 'workflowRecords'>;

/**
 * The ports of a dry run: an operation reads, authorizes, validates and decides as ever, and drops what it would write and send. For
 * operations that write by commits, and by nodes of config trees stored before one. A refusal for lack of a right is recorded as ever.
 * What only the commit itself would find out, another writer who came first, is not found.
 */
export function rehearsed<D extends object>(deps: D): D {
  if (!writes(deps)) throw new Error('only an operation that commits has a dry run');
  const kept = storesNodes(deps)
    ? { nodes: { reader: (tenant: string) => deps.nodes.reader(tenant), put: dropped } }
    : {};
  return { ...deps, ...kept, ...(dispatches(deps) ? silent(deps) : {}), transactions };
}

const dropped = async (): Promise<void> => {};
const COMMITTED: CommitResult = { committed: true };
const transactions: Writing['transactions'] = { commit: async () => COMMITTED };

/** What is left to do after a commit, when there was none. */
const silent = ({ workflowRecords }: Dispatching): Dispatching => ({
  workflow: { start: async () => 'started', wake: async () => 'woken' },
  bus: { publish: dropped },
  scheduler: { put: dropped, remove: dropped },
  workflowRecords: { ...workflowRecords, clearWork: async () => true, raiseAttempt: async () => undefined },
});

const writes = <D extends object>(deps: D): deps is D & Writing => 'transactions' in deps;
const storesNodes = <D extends object>(deps: D): deps is D & Pick<Deps, 'nodes'> => 'nodes' in deps;
const dispatches = <D extends object>(deps: D): deps is D & Dispatching => 'workflow' in deps;
