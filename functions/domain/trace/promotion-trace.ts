import { type Deployment, registriesOf } from '../deployment/deployment.ts';
import { type Digest, digest } from '../digest.ts';
import type { GateResult } from '../gates/gate.ts';
import type { PromotionEvent, StoredEvent } from '../promotion/events.ts';
import { replay } from '../promotion/history.ts';
import type { PromotionState } from '../promotion/state.ts';
import { type Attributes, type Span, STATUS } from './span.ts';

type EventType = PromotionEvent['type'];

/** The events that end a promotion, and with it its trace. What follows them (a rollback, a late report) is another's trace. */
const ENDS: ReadonlySet<EventType> = new Set<EventType>([
  'PromotionCompleted',
  'PromotionFailed',
  'PromotionRejected',
  'PromotionCancelled',
]);

/**
 * A promotion as one trace: a span for the whole, one for each step, gate and copy. Ids come from the tenant and the promotion, times
 * from its events, so that the same history gives the same spans however often it is asked for. Undefined before the promotion ended.
 */
export function promotionTrace(
  events: readonly StoredEvent[],
  deployment?: Pick<Deployment, 'details'>,
): readonly Span[] | undefined {
  const end = events.findIndex(({ event }) => ENDS.has(event.type));
  const history = events.slice(0, end + 1);
  const [first, last] = [history[0], history.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const state = replay(history);
  const root = idsOf(state);
  const whole: Span = {
    ...root('promotion'),
    parent: undefined,
    name: `promote ${state.subject.kind} ${state.subject.name} to ${state.target_environment}`,
    start: first.at,
    end: last.at,
    attributes: aboutPromotion(state),
    events: history.map(({ at, event }) => ({ at, name: event.type })),
    ...statusOf(state),
  };
  const steps = stepsOf(history).flatMap(({ of, gates, ...step }) => {
    const span: Span = { ...root(of), parent: whole.span, events: [], ...step };
    return [span, ...gates.map((gate) => gateSpan(root(`${of} gate ${gate.name}`), span, gate))];
  });
  const execute = steps.find(({ name }) => name === 'execute');
  const copies = execute === undefined || deployment === undefined ? [] : registriesOf(deployment);
  return [
    whole,
    ...steps,
    ...copies.map(
      ({ registry, repository }): Span => ({
        ...root(`copy ${repository}`),
        parent: execute?.span,
        name: `copy to ${registry}`,
        start: execute?.start ?? first.at,
        end: execute?.end ?? last.at,
        attributes: { 'sluice.registry': registry, 'sluice.repository': repository },
        events: [],
        status: STATUS.ok,
      }),
    ),
  ];
}

type Step = Pick<Span, 'name' | 'start' | 'end' | 'attributes' | 'status' | 'message'> & {
  /** What names it among the spans of its promotion. */
  readonly of: string;
  readonly gates: readonly GateResult[];
};

/** The steps in the order in which they began: each assessment, the wait for approval, the wait for its time, the execution. */
function stepsOf(history: readonly StoredEvent[]): readonly Step[] {
  const last = history.at(-1);
  const steps: Step[] = [];
  const until = (from: number, types: readonly EventType[]) =>
    history.slice(from + 1).find(({ event }) => types.includes(event.type)) ?? last;
  history.forEach(({ at, seq, event }, number) => {
    if (event.type === 'PromotionAssessed') {
      const attributes = { 'sluice.decision': event.decision.outcome, 'sluice.event': seq };
      const gates = event.decision.gates;
      steps.push({ of: `${seq}`, name: 'assess', start: at, end: at, attributes, gates, status: STATUS.ok });
    }
    if (event.type === 'PromotionScheduled') {
      const ends = until(number, ['ExecutionRequested', 'PromotionUnscheduled', 'PromotionScheduled']);
      const attributes = { 'sluice.scheduled_at': event.at };
      steps.push({ of: `${seq}`, name: 'wait for its time', ...between(at, ends), attributes });
    }
    if (event.type === 'ExecutionStarted') {
      const attributes = { 'sluice.deployment_id': event.deployment_id, 'sluice.event': seq };
      const ends = between(at, until(number, [...ENDS]));
      const gates = event.decision.gates;
      steps.push({ of: `${seq}`, name: 'execute', ...ends, ...endOf(last), attributes, gates });
    }
  });
  const asked = history.find(({ event }) => event.type === 'PromotionAssessed');
  const granted = history.filter(({ event }) => event.type === 'ApprovalGranted');
  if (asked !== undefined && granted.length > 0) {
    const ends = history.find(({ event }) => event.type === 'PromotionApproved') ?? last;
    const attributes = { 'sluice.approvals': granted.length };
    steps.push({ of: 'approval', name: 'wait for approval', ...between(asked.at, ends), attributes });
  }
  return steps;
}

const between = (start: string, end: StoredEvent | undefined) =>
  ({ start, end: end?.at ?? start, gates: [], status: STATUS.ok }) as const;

/** An execution that failed says so. */
function endOf(last: StoredEvent | undefined): Pick<Step, 'status' | 'message'> {
  if (last?.event.type !== 'PromotionFailed') return { status: STATUS.ok };
  return { status: STATUS.error, message: last.event.message };
}

function gateSpan(ids: Pick<Span, 'trace' | 'span'>, step: Span, gate: GateResult): Span {
  const passed = gate.status === 'PASSED';
  const stops = gate.status === 'FAILED' || gate.status === 'ERROR';
  return {
    ...ids,
    parent: step.span,
    name: `gate ${gate.name}`,
    start: step.start,
    end: step.start,
    attributes: {
      'sluice.gate.status': gate.status,
      'sluice.gate.mode': gate.mode,
      'sluice.gate.reason_code': gate.reason_code,
    },
    events: [],
    status: passed ? STATUS.ok : stops ? STATUS.error : STATUS.unset,
    ...(stops ? { message: gate.reason_code } : {}),
  };
}

function aboutPromotion(state: PromotionState): Attributes {
  const { version_label } = state.seal.plan.source;
  return {
    'sluice.tenant': state.tenant,
    'sluice.promotion.id': state.id,
    'sluice.promotion.type': state.type,
    'sluice.promotion.status': state.status,
    'sluice.subject.kind': state.subject.kind,
    'sluice.subject.name': state.subject.name,
    'sluice.subject.digest': state.seal.manifest.source.digest,
    ...(version_label === undefined ? {} : { 'sluice.subject.version': version_label }),
    'sluice.source_environment': state.source_environment,
    'sluice.target_environment': state.target_environment,
  };
}

function statusOf(state: PromotionState): Pick<Span, 'status' | 'message'> {
  if (state.status === 'completed') return { status: STATUS.ok };
  if (state.status !== 'failed') return { status: STATUS.unset };
  return { status: STATUS.error, message: state.failure.message };
}

/** The ids of a promotion's spans: 16 bytes for the trace, 8 for each span, of digests of what they name. */
function idsOf({ tenant, id }: PromotionState): (of: string) => Pick<Span, 'trace' | 'span'> {
  const hex = (value: readonly string[]) => hexOf(digest('sluice/trace/v1', value));
  const trace = hex([tenant, id]).slice(0, 32);
  return (of) => ({ trace, span: hex([tenant, id, of]).slice(0, 16) });
}

const hexOf = (text: Digest): string => text.slice('sha256:'.length);
