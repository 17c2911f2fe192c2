import { addDuration } from '../../domain/instant.ts';
import { type Batch, type BatchDeps, feedOnce, MOST_NEWS } from './batch.ts';
import { cosign, type Uncosigned, type Witnesses } from './cosign.ts';
import { type LookDeps, lookOn } from './look.ts';
import { oldestUnlogged } from './unlogged.ts';

export type FeedDeps = BatchDeps &
  LookDeps & {
    /** Absent where an installation has none. */
    readonly witnesses?: Witnesses;
  };

/** What one run did; a tenant whose log could not be fed stops no other. */
export type Fed = {
  readonly entries: number;
  readonly faults: readonly { readonly tenant: string; readonly error: unknown }[];
  /** The time was up: the next run goes on where this one stopped. */
  readonly unfinished: boolean;
  /** When the oldest entry was recorded that a log still lacks, of the tenants that failed or were left for the next run. */
  readonly oldest?: string;
  /** Checkpoints that a witness did not cosign; absent where there are none. */
  readonly uncosigned?: readonly Uncosigned[];
};

/** Where a run stopped when its time was up. */
const SCAN = 'log-feed';

/** Logs that are fed at once: a batch waits for the bucket and the key most of its time. */
const AT_ONCE = 8;

/** Tenants whose oldest missing entry one run looks for. */
const MEASURED = 20;

/** How long a log has had no batch before an event has it fed at once. */
const QUIET = 'PT1M';

/**
 * Feeds the logs of all tenants with news until none is left or the time is up: one batch a tenant in a round, and further rounds for those
 * whose batch was full. The first round begins where the one of the last run stopped, so that every log has its turn. With time left it looks
 * at some chains itself, and goes on as long as it finds some that the log has not reached.
 */
export async function feedLogs(deps: FeedDeps, end: string): Promise<Fed> {
  const run = new Run(deps, end);
  await run.rounds(fromCursor(deps));
  for (let looking = true; looking && !run.unfinished; ) looking = await run.look();
  return await run.fed();
}

/** Feeds one log whose tenant was quiet for a minute; does nothing for one that was fed within it, as the next run feeds it. */
export async function feedQuiet(deps: FeedDeps, tenant: string): Promise<Fed> {
  const now = deps.clock.now();
  const fed_at = (await deps.logTree.read(tenant))?.head.fed_at;
  const run = new Run(deps, addDuration(now, QUIET));
  if (fed_at === undefined || addDuration(fed_at, QUIET) <= now) await run.rounds(these([tenant]));
  return await run.fed();
}

type Turn = { readonly tenant: string; readonly position?: string };

/** Tenants with news, each once: from where the last run stopped to the last one, then from the first one on. */
async function* fromCursor({ cursors, logNews }: FeedDeps): AsyncGenerator<Turn, undefined> {
  const start = await cursors.read(SCAN);
  const seen = new Set<string>();
  for (const first of start === undefined ? [undefined] : [start, undefined]) {
    for (let after = first; ; ) {
      const page = await logNews.tenants({ limit: 1, ...(after === undefined ? {} : { after }) });
      const [tenant] = page.items;
      if (tenant === undefined || page.next === undefined) break;
      after = page.next;
      if (!seen.has(tenant)) yield { tenant, position: after };
      seen.add(tenant);
    }
  }
}

async function* these(tenants: readonly string[]): AsyncGenerator<Turn, undefined> {
  for (const tenant of tenants) yield { tenant };
}

/** One run: what it fed, and what it left. */
class Run {
  unfinished = false;
  #entries = 0;
  #full: string[] = [];
  readonly #faults: { tenant: string; error: unknown }[] = [];
  readonly #late = new Set<string>();
  readonly #uncosigned: Uncosigned[] = [];
  readonly #silent = new Set<string>();
  #cosigned: Promise<unknown> = Promise.resolve();
  readonly #deps: FeedDeps;
  readonly #end: string;

  constructor(deps: FeedDeps, end: string) {
    this.#deps = deps;
    this.#end = end;
  }

  /** One batch for each tenant, and further ones where it was full, a round each. */
  async rounds(turns: AsyncGenerator<Turn, undefined>): Promise<void> {
    await this.#round(turns);
    while (this.#full.length > 0 && !this.unfinished) {
      const full = this.#full;
      this.#full = [];
      await this.#round(these(full));
    }
    for (const tenant of this.#full) this.#late.add(tenant);
  }

  /** Looks at some chains, and feeds those that the log has not reached. Says whether there were some, and chains after them. */
  async look(): Promise<boolean> {
    const { behind, faults, ended } = await lookOn(this.#deps);
    this.#faults.push(...faults);
    for (const { tenant, grown } of behind) await this.#deps.logNews.tell(tenant, grown);
    await this.rounds(these([...new Set(behind.map(({ tenant }) => tenant))]));
    return behind.length > 0 && !ended;
  }

  /** One batch for each tenant, several at once. */
  async #round(turns: AsyncGenerator<Turn, undefined>): Promise<void> {
    let stopped: string | undefined;
    const worker = async () => {
      for (;;) {
        const { value: turn } = await turns.next();
        if (turn === undefined) return;
        if (this.unfinished || this.#deps.clock.now() >= this.#end) {
          this.unfinished = true;
          this.#late.add(turn.tenant);
          if (this.#late.size >= MEASURED) return;
        } else {
          stopped = turn.position;
          await this.#feed(turn.tenant);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (this.unfinished && stopped !== undefined) await this.#deps.cursors.write(SCAN, stopped);
  }

  async #feed(tenant: string): Promise<void> {
    try {
      const { entries, more }: Batch = await feedOnce(this.#deps, tenant);
      this.#entries += entries;
      if (more) this.#full.push(tenant);
      const { witnesses } = this.#deps;
      if (witnesses === undefined || entries === 0 || more) return;
      // One log after the other, so that a witness that is silent is asked once.
      const turn = this.#cosigned.then(() => cosign(this.#deps, witnesses, tenant, this.#silent));
      this.#cosigned = turn.catch(() => []);
      this.#uncosigned.push(...(await turn));
    } catch (error) {
      this.#faults.push({ tenant, error });
      this.#late.add(tenant);
    }
  }

  async fed(): Promise<Fed> {
    const oldest = await oldestOf(this.#deps, [...this.#late].slice(0, MEASURED));
    return {
      ...{ entries: this.#entries, faults: this.#faults, unfinished: this.unfinished },
      ...(oldest === undefined ? {} : { oldest }),
      ...(this.#uncosigned.length === 0 ? {} : { uncosigned: this.#uncosigned }),
    };
  }
}

/** What cannot be read is not measured: its fault is known already. */
async function oldestOf(deps: FeedDeps, tenants: readonly string[]): Promise<string | undefined> {
  const oldest = await Promise.all(
    tenants.map(async (tenant) => {
      try {
        return await oldestUnlogged(deps, tenant, await deps.logNews.of(tenant, MOST_NEWS));
      } catch {
        return undefined;
      }
    }),
  );
  return oldest.filter((at) => at !== undefined).sort()[0];
}
