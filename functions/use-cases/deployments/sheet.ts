import { countedOf, dayOf } from '../../domain/deployment/counted.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { RollUp, RollUpScope } from '../../domain/deployment/roll-up.ts';
import { NO_DEPLOYMENTS, withCounted } from '../../domain/deployment/tally.ts';
import { environmentText, inEnvironment } from '../../domain/in-environment.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import type { TimelineOf } from '../../ports/timelines.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { type HistoryDeps, pastOf } from './history.ts';

export type SheetDeps = HistoryDeps & Pick<Deps, 'rollUps' | 'transactions'>;

/**
 * What a commit is going to write: deployments as counted, the sums of their days, and that something was counted by the timelines of
 * their subjects, which loses where somebody else counted by one meanwhile.
 */
export class Sheet {
  readonly #deps: SheetDeps;
  readonly #tenant: string;
  readonly #timelines = new Map<string, { readonly of: TimelineOf; readonly expected: number }>();
  readonly #deployments = new Map<string, { readonly deployment: Deployment; readonly expected: number }>();
  readonly #sums = new Map<string, { next: RollUp; readonly expected: number }>();

  constructor(deps: SheetDeps, tenant: string) {
    this.#deps = deps;
    this.#tenant = tenant;
  }

  get size(): number {
    return this.#timelines.size + this.#deployments.size + this.#sums.size;
  }

  /** Reads how often a deployment's timeline was counted by, before anything on it is read. */
  async open(deployment: Deployment): Promise<void> {
    const of = { ...inEnvironment(deployment), subject: deployment.subject };
    const name = canonicalJson(of);
    if (this.#timelines.has(name)) return;
    const expected = await this.#deps.timelines.version(this.#tenant, of);
    this.#timelines.set(name, { of, expected });
  }

  /** A deployment as the history of its subject counts it now, and the sums of its day with that. */
  async recount(before: Deployment): Promise<void> {
    await this.open(before);
    const counted = countedOf(before, await pastOf(this.#deps, this.#tenant, before));
    const { id, subject, version } = before;
    const where = inEnvironment(before);
    if (counted === undefined || this.#deployments.has(id) || same(counted, before.counted)) return;
    for (const scope of [where, { ...where, subject }]) {
      const sum = await this.#sum(scope, dayOf(before));
      const tally = sum.next.kinds[subject.kind] ?? NO_DEPLOYMENTS;
      const without = before.counted === undefined ? tally : withCounted(tally, before.counted, -1);
      const kinds = { ...sum.next.kinds, [subject.kind]: withCounted(without, counted, 1) };
      sum.next = { ...sum.next, kinds };
    }
    const deployment = { ...before, counted, version: version + 1 };
    this.#deployments.set(id, { deployment, expected: version });
  }

  /** Writes all of it, or nothing where another writer was faster; the sheet is empty then. */
  async commit(): Promise<boolean> {
    const writes: readonly Write[] = [
      ...[...this.#timelines.values()].map((one): Write => ({ write: 'timeline', ...one })),
      ...[...this.#deployments.values()].map((one): Write => ({ write: 'deployment', ...one })),
      ...[...this.#sums.values()].map(
        ({ next, expected }): Write => ({ write: 'roll_up', roll_up: next, expected }),
      ),
    ];
    for (const written of [this.#timelines, this.#deployments, this.#sums]) written.clear();
    return (await this.#deps.transactions.commit(this.#tenant, writes)).committed;
  }

  async #sum(scope: RollUpScope, day: string) {
    const name = canonicalJson([environmentText(scope), scope.subject ?? null, day]);
    const known = this.#sums.get(name);
    if (known !== undefined) return known;
    const stored = await this.#deps.rollUps.read(this.#tenant, scope, day);
    const expected = stored?.version ?? 0;
    const version = expected + 1;
    const isPlaced = scope.subject !== undefined && (stored === undefined || stored.placed === expected);
    const base: RollUp = stored ?? { scope, day, kinds: {}, version };
    const sum = { next: { ...base, version, ...(isPlaced ? { placed: version } : {}) }, expected };
    this.#sums.set(name, sum);
    return sum;
  }
}

function same(a: object, b: object | undefined): boolean {
  return b !== undefined && canonicalJson(a) === canonicalJson(b);
}
