import * as z from 'zod';
import { functionNameIn } from './physical.ts';
import type { Deployed } from './stack.ts';

/** A function that a rule invokes. */
export interface RuleTarget {
  readonly functionName: string;
  /** The event to send in place of the matched or scheduled one. */
  readonly input: unknown;
}

/** A rule on a bus. */
export interface PatternRule {
  readonly name: string;
  readonly busName: string;
  readonly pattern: unknown;
  readonly targets: readonly RuleTarget[];
}

/** A rule or schedule that fires by the clock. */
export interface ScheduleRule {
  readonly name: string;
  readonly arn: string;
  /** `rate(…)` or `cron(…)`. */
  readonly expression: string;
  readonly targets: readonly RuleTarget[];
}

const targetSchema = z.looseObject({
  Arn: z.string(),
  Input: z.string().optional(),
  InputPath: z.undefined().optional(),
  InputTransformer: z.undefined().optional(),
});
const ruleSchema = z.looseObject({
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  EventBusName: z.string().default('default'),
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  ScheduleExpression: z.string().optional(),
  Targets: z.array(targetSchema).default([]),
});
const scheduleSchema = z.looseObject({
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  ScheduleExpression: z.string(),
  Target: targetSchema,
});

/** Names of the event buses of the template, `default` included. */
export function readBusNames(deployed: Deployed): ReadonlySet<string> {
  return new Set([
    'default',
    ...deployed.resources('AWS::Events::EventBus').map(({ physical }) => physical.ref),
  ]);
}

/** Names of the schedule groups of the template, `default` included. */
export function readScheduleGroups(deployed: Deployed): ReadonlySet<string> {
  return new Set([
    'default',
    ...deployed.resources('AWS::Scheduler::ScheduleGroup').map(({ physical }) => physical.ref),
  ]);
}

/** The enabled rules that match events. */
export function readPatternRules(deployed: Deployed): readonly PatternRule[] {
  return deployed.resources('AWS::Events::Rule').flatMap(({ physical, properties }) => {
    const rule = ruleSchema.parse(properties);
    if (rule.State === 'DISABLED' || rule.EventPattern === undefined) return [];
    const busName = rule.EventBusName.split('/').at(-1) ?? rule.EventBusName;
    return { name: physical.ref, busName, pattern: rule.EventPattern, targets: rule.Targets.map(targetOf) };
  });
}

/** The enabled rules and schedules that fire by the clock. */
export function readScheduleRules(deployed: Deployed): readonly ScheduleRule[] {
  const rules = deployed.resources('AWS::Events::Rule').flatMap(({ physical, properties }) => {
    const { State, ScheduleExpression: expression, Targets } = ruleSchema.parse(properties);
    if (State === 'DISABLED' || expression === undefined) return [];
    return { name: physical.ref, arn: physical.attribute('Arn'), expression, targets: Targets.map(targetOf) };
  });
  const schedules = deployed.resources('AWS::Scheduler::Schedule').flatMap(({ physical, properties }) => {
    const { State, ScheduleExpression: expression, Target } = scheduleSchema.parse(properties);
    if (State === 'DISABLED') return [];
    return { name: physical.ref, arn: physical.attribute('Arn'), expression, targets: [targetOf(Target)] };
  });
  return [...rules, ...schedules];
}

function targetOf(target: z.infer<typeof targetSchema>): RuleTarget {
  const functionName = functionNameIn(target.Arn);
  if (functionName === undefined || !target.Arn.includes(':lambda:')) {
    throw new Error(`The local bus invokes functions only, not ${target.Arn}.`);
  }
  return { functionName, input: target.Input === undefined ? undefined : JSON.parse(target.Input) };
}
