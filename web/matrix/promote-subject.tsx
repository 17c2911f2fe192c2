import { useSignal } from '@preact/signals';
import type { OverviewView } from '../../functions/contract/overview.ts';
import { createPromotion, type NewPromotion } from '../../functions/contract/promotions.ts';
import { ask } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';
import { iMay } from '../me.ts';
import { ProblemNote } from '../parts/notes.tsx';
import { go, pathTo } from '../router.ts';
import { labelOf } from './rows.ts';

type Subject = OverviewView['subjects'][number];

/** A step that a subject could take: what runs in one environment, into the next one. */
type Step = {
  readonly key: string;
  readonly name: string;
  readonly target: string;
  readonly body: NewPromotion;
};

/** The ways on that a subject has: each asks for a promotion into the next environment. */
export const PromoteSubject = ({
  subject,
  overview,
}: {
  readonly subject: Subject;
  readonly overview: OverviewView;
}) => {
  const wrong = useSignal<Problem | undefined>(undefined);
  const steps = stepsOf(subject, overview).filter(({ target }) => iMay('request', target));
  const request = async (body: NewPromotion) => {
    const made = await ask(createPromotion, { body, once: crypto.randomUUID() });
    if (made.ok) go(pathTo('promotions', made.value.id));
    else wrong.value = made.problem;
  };
  if (steps.length === 0) return undefined;
  return (
    <div>
      <div class="btns">
        {steps.map(({ key, name, body }) => (
          <button key={key} type="button" class="btn" onClick={() => request(body)}>
            {name}
          </button>
        ))}
      </div>
      {wrong.value === undefined ? undefined : <ProblemNote problem={wrong.value} />}
    </div>
  );
};

function stepsOf({ kind, name, active }: Subject, { environments }: OverviewView): readonly Step[] {
  return environments.slice(0, -1).flatMap(({ name: source }, at): readonly Step[] => {
    const target = environments[at + 1]?.name;
    const here = active.find(({ environment }) => environment === source);
    const there = active.find(({ environment }) => environment === target);
    if (target === undefined || here === undefined || here.digest === there?.digest) return [];
    const step = { key: target, name: `Promote ${labelOf(here)} to ${target}`, target };
    const hop = { source_environment: source, target_environment: target };
    if (kind === 'artifact' && here.version !== null)
      return [{ ...step, body: { artifact: name, version: here.version, ...hop } }];
    // An agent goes to the gateway where it runs already; a first one is chosen by whoever asks over the API.
    const gateway = there?.gateway_id ?? null;
    if (kind !== 'agent' || here.deployment_id === null || gateway === null) return [];
    const what = { agent_id: name, source_deployment_id: here.deployment_id, target_gateway_id: gateway };
    return [{ ...step, body: { ...what, ...hop } }];
  });
}
