import * as z from 'zod/mini';
import { Text } from '../domain/fields.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { Digits } from './fields.ts';
import type { ProblemCode } from './problem.ts';

type Path = `${string}/{id}`;

/** How one of the two APIs, each in its own case, says the verbs. `A`, `S` and `R` are what the bodies of approving, scheduling and resubmitting parse to. */
export type Dialect<A, S, R> = {
  readonly path: Path;
  readonly tag: string;
  readonly response: z.ZodMiniType;
  /** Behind the verb in the names of operations: `approve` + `Promotion`. */
  readonly noun: string;
  /** The names of two operations that are not made of verb and noun. */
  readonly requestChanges: string;
  /** What the bodies call the digest that is approved. */
  readonly digest: string;
  readonly approval: z.ZodMiniType<A>;
  readonly schedule: z.ZodMiniType<S>;
  readonly resubmit: z.ZodMiniType<R>;
  /** Where planning anew may be refused, with what. */
  readonly replanned?: readonly ProblemCode[];
};

const DECIDED = ['already_decided', 'invalid_transition', 'expired', 'conflict'] as const;
const Reason = z.strictObject({ reason: Text });

/** Seconds that one request waits at most for a promotion to move: functions stop at 28 s. */
export const LONGEST_WAIT = 20;

/** How reading a promotion waits for it to move. */
const WaitQuery = z.strictObject({
  /** Answers when the promotion has moved, or after so many seconds: 0 to 20. */
  wait: z.exactOptional(z.pipe(Digits, z.number().check(z.minimum(0), z.maximum(LONGEST_WAIT)))),
  /** With `wait`: the version that the caller has; one that is past already is answered at once. Absent: the version at the request. */
  version: z.exactOptional(Digits),
});

/** The verbs on a promotion, and reading it. Every verb answers the promotion as it now is, and its body may be absent where it can. */
export function promotionVerbs<A, S, R>(dialect: Dialect<A, S, R>) {
  const { path, tag, response, noun, digest, approval, schedule, resubmit, replanned = [] } = dialect;
  const base = { tag, body: EMPTY, query: EMPTY, response, status: [200] } as const;
  const post = { ...base, method: 'POST' } as const;
  const remove = { ...base, method: 'DELETE' } as const;
  const at = (verb: string): `${Path}/${string}` => `${path}/${verb}`;
  return {
    get: endpoint({
      ...base,
      method: 'GET',
      path,
      operation: `get${noun}`,
      summary: 'Reads a promotion; `wait` answers when it has moved',
      query: WaitQuery,
      errors: [],
    }),
    validate: endpoint({
      ...post,
      path: at('validate'),
      operation: `validate${noun}`,
      summary: 'Assesses again; `refresh` plans anew, on the source as it is now',
      body: z.strictObject({ refresh: z.exactOptional(z.boolean()) }),
      errors: [...DECIDED, ...replanned],
    }),
    approve: endpoint({
      ...post,
      path: at('approve'),
      operation: `approve${noun}`,
      dry_run: true,
      summary: `Approves the sealed manifest; without \`${digest}\` the one sealed at this moment`,
      body: approval,
      errors: [
        'separation_of_duties',
        'governor',
        'manifest_changed',
        'not_sealed',
        'comment_required',
        ...DECIDED,
      ],
    }),
    reject: endpoint({
      ...post,
      path: at('reject'),
      operation: `reject${noun}`,
      dry_run: true,
      summary: 'Rejects for good, with a reason',
      body: Reason,
      errors: ['separation_of_duties', ...DECIDED],
    }),
    requestChanges: endpoint({
      ...post,
      path: at('request-changes'),
      operation: dialect.requestChanges,
      dry_run: true,
      summary: 'Request changes',
      body: Reason,
      errors: ['separation_of_duties', ...DECIDED],
    }),
    resubmit: endpoint({
      ...post,
      path: at('resubmit'),
      operation: `resubmit${noun}`,
      dry_run: true,
      summary: 'Resubmit a promotion, planned anew from the source',
      body: resubmit,
      errors: [...DECIDED, ...replanned],
    }),
    execute: endpoint({
      ...post,
      path: at('execute'),
      operation: `execute${noun}`,
      dry_run: true,
      summary: 'Executes an approved promotion: 202 while it runs, 200 when it is completed',
      status: [202, 200],
      errors: ['governor', 'target_moved', 'locked', 'frozen', ...DECIDED, ...replanned],
    }),
    schedule: endpoint({
      ...post,
      path: at('schedule'),
      operation: `schedule${noun}`,
      dry_run: true,
      summary: 'Sets the time of execution; before approval the time is kept',
      body: schedule,
      errors: DECIDED,
    }),
    unschedule: endpoint({
      ...remove,
      path: at('schedule'),
      operation: `unschedule${noun}`,
      dry_run: true,
      summary: 'Unschedule a promotion',
      errors: DECIDED,
    }),
    cancel: endpoint({
      ...remove,
      path,
      operation: `cancel${noun}`,
      dry_run: true,
      summary: 'Cancels an open promotion that is not executing',
      body: z.strictObject({ reason: z.exactOptional(Text) }),
      errors: DECIDED,
    }),
  };
}

export type PromotionVerbs<A, S, R> = ReturnType<typeof promotionVerbs<A, S, R>>;
