import type { Digest } from '../digest.ts';
import type { Revision, Subject } from '../subject.ts';
import { type Observation, type Recorded, type Standing, standingOf } from './observation.ts';

/** How far a slot is behind the environment before its own; `null` where that cannot be told. */
export type Behind = { readonly versions: number | null; readonly days: number | null };

/** What runs in one slot, and how that stands to the record and to the environment before. */
export type Running = {
  readonly environment: string;
  readonly gateway?: string;
  readonly recorded?: Recorded;
  readonly observation?: Observation;
  readonly standing: Standing;
  /** Absent: it is level, or the subject does not run in the environment before. */
  readonly behind?: Behind;
};

export type SubjectDrift = {
  readonly subject: Subject;
  /** In the order of the pipeline. */
  readonly running: readonly Running[];
  /** Versions that stand for more than one digest. */
  readonly torn: readonly {
    readonly version: string;
    readonly places: readonly { readonly environment: string; readonly digest: Digest }[];
  }[];
};

/** How a slot stands to its observation. */
export function runningIn(
  { environment, gateway }: { readonly environment: string; readonly gateway?: string },
  recorded: Recorded | undefined,
  observation: Observation | undefined,
  now: string,
): Running {
  return {
    environment,
    ...(gateway === undefined ? {} : { gateway }),
    ...(recorded === undefined ? {} : { recorded }),
    ...(observation === undefined ? {} : { observation }),
    standing: standingOf(observation, recorded, now),
  };
}

/** The head of the environment before that a slot is measured by: of several gateways the one that moved last. */
export function upstreamOf(earlier: readonly Running[]): Recorded | undefined {
  return earlier
    .flatMap(({ recorded }) => (recorded?.head.digest == null ? [] : [recorded]))
    .toSorted((a, b) => (a.head.updated_at > b.head.updated_at ? -1 : 1))[0];
}

/** Whether a slot lags behind what it is measured by; of configuration, what it received in whole counts. */
export function lags({ recorded }: Running, { head }: Recorded): boolean {
  const own = recorded?.head;
  if (own === undefined || own.digest === null || own.digest === head.digest) return false;
  if (own.received?.environment !== head.slot.environment) return true;
  return own.received.revision < head.revision;
}

/**
 * How far behind, told by the revisions of the environment before, newest first: those that came after the one that is active here.
 * Days count from the first of them. A slot whose digest is not among them may run anything.
 */
export function behindOf(
  { recorded }: Running,
  source: Recorded,
  revisions: readonly Revision[],
  now: string,
): Behind {
  const own = recorded?.head;
  const { environment } = source.head.slot;
  const received = own?.received?.environment === environment ? own.received.revision : undefined;
  const at = revisions.findIndex(({ digest, number }) =>
    received === undefined ? digest === own?.digest : number <= received,
  );
  const first = revisions[at - 1];
  if (first === undefined) return { versions: null, days: null };
  return { versions: at, days: Math.floor((Date.parse(now) - Date.parse(first.at)) / DAY) };
}

const DAY = 86_400_000;

/** Versions that several environments run under the same name with different content. */
export function tornVersions(running: readonly Running[]): SubjectDrift['torn'] {
  const named = running.flatMap(({ environment, recorded }) => {
    const { head, version } = recorded ?? {};
    return version === undefined || head?.digest == null
      ? []
      : [{ environment, version, digest: head.digest }];
  });
  const versions = Map.groupBy(named, ({ version }) => version);
  return [...versions.entries()].flatMap(([version, places]) =>
    new Set(places.map(({ digest }) => digest)).size < 2
      ? []
      : [{ version, places: places.map(({ environment, digest }) => ({ environment, digest })) }],
  );
}

/** Whether there is anything to look at: a slot that lags, a change that went past Sluice, a version that means two things. */
export function drifts({ running, torn }: SubjectDrift): boolean {
  return (
    torn.length > 0 ||
    running.some(({ behind, standing }) => behind !== undefined || standing === 'out_of_band')
  );
}
