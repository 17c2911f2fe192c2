import type { Environment } from '../catalog/environment.ts';
import { type Condition, type ConditionFacts, mentions } from '../conditions/condition.ts';
import { defaultGate } from '../gates/default-gate.ts';
import type { Evidence } from '../gates/evidence.ts';
import { judgeReports } from '../gates/judge-gate.ts';
import { judgesByProvider } from '../gates/provider.ts';
import type { Actor } from '../identity/principal.ts';
import { earliest, hoursBetween } from '../instant.ts';
import type { Json } from '../jcs.ts';

/** What conditions may ask of the reports about what would be promoted, and who brought the newest of those they ask for that count. */
export type EvidenceFacts = { readonly facts: ConditionFacts; readonly brought_by?: Actor };

/** Reasons for which a report failed, or passed, by what it says itself. */
const BY_ITS_WORD: readonly string[] = ['ok', 'thresholds_not_met'];

/**
 * `evidence.<gate>.*`, by gate: `status` and `reason_code` as the target's own gate of that name would have them (its format, producers,
 * age and thresholds; where it has none, as one that blocks by default), and only of a report that counts its members, `format` and
 * `age_hours`. So a report that nobody should trust makes no condition true. Gates that ask a provider have no facts.
 */
export function evidenceFacts(
  reports: readonly Evidence[],
  {
    target,
    conditions,
    as_of,
  }: {
    readonly target: Pick<Environment, 'name' | 'gates' | 'protected'>;
    readonly conditions: Condition;
    readonly as_of: string;
  },
): EvidenceFacts {
  const facts: { [gate: string]: Json } = {};
  let newest: Evidence | undefined;
  for (const name of new Set(reports.map(({ gate }) => gate))) {
    const gate = target.gates.find((each) => each.name === name) ?? defaultGate(name, 'block');
    const [first] = reports;
    if (first === undefined || judgesByProvider(gate)) continue;
    const { subject_digest } = first;
    const answer = judgeReports(gate, {
      evidence: reports,
      subject_digest,
      protected: target.protected,
      target: target.name,
      as_of,
    });
    const { status, reason_code, evidence } = answer;
    const counts = evidence !== undefined && BY_ITS_WORD.includes(reason_code);
    facts[name] = { ...(counts ? saidBy(evidence, as_of) : {}), status, reason_code };
    const asked = mentions(conditions, `evidence.${name}`);
    if (asked && counts && evidence.received_at >= (newest?.received_at ?? '')) newest = evidence;
  }
  return newest === undefined ? { facts } : { facts, brought_by: newest.producer };
}

function saidBy({ result, format, produced_at, received_at }: Evidence, as_of: string) {
  return { ...result, format, age_hours: hoursBetween(earliest(produced_at, received_at), as_of) };
}
