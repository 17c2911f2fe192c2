import type { Evidence } from './evidence.ts';
import { evidenceDigest, latestFirst } from './judge-gate.ts';

/**
 * Reports of one producer, gate and format about one digest that gates look at. Of equally trusted ones the latest alone decides; the
 * others are there for signatures by several keys, and for a clock that was ahead.
 */
export const MOST_KEPT = 10;

/** Reports that one commit retires at the most: more than stood there before, where several came at once. */
const MOST_RETIRED = 20;

/**
 * Which reports give way when one more comes: the oldest of its own producer, gate and format beyond `MOST_KEPT`, itself when it is
 * older than all of them. A flood of reports so takes the place of its producer's own reports and of nobody else's. What gives way is
 * still there for the decisions that name it.
 */
export function givingWay(kept: readonly Evidence[], incoming: Evidence): readonly Evidence[] {
  const digest = evidenceDigest(incoming);
  const others = kept.filter((one) => isBeside(one, incoming) && evidenceDigest(one) !== digest);
  return [...others, incoming].sort(latestFirst).slice(MOST_KEPT, MOST_KEPT + MOST_RETIRED);
}

function isBeside(one: Evidence, { gate, format, producer }: Evidence): boolean {
  return (
    one.gate === gate &&
    one.format === format &&
    one.producer.kind === producer.kind &&
    one.producer.subject === producer.subject
  );
}
