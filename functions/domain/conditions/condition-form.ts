import * as z from 'zod/mini';
import type { Json } from '../jcs.ts';
import { type Condition, OPERATORS } from './condition.ts';

/** Whatever a body holds was parsed from JSON. Handed on as it is: a copy by `z.json` would drop members called `__proto__`. */
export const AnyJson = z.custom<Json>((value) => value !== undefined);

/** A condition as it is stored. */
export const ConditionForm: z.ZodMiniType<Condition> = z.lazy(() =>
  z.union([
    z.object({ all: z.array(ConditionForm) }),
    z.object({ any: z.array(ConditionForm) }),
    z.object({ not: ConditionForm }),
    z.object({ field: z.string(), op: z.enum(OPERATORS), value: AnyJson }),
  ]),
);
