import { KINDS } from '../subject.ts';
import type { BuiltInGate, GateMode, GateSetting } from './gate.ts';

const ABOUT_ARTIFACTS = new Set<string>([
  'tests',
  'security_scan',
  'signature',
  'cost_analysis',
  'performance_baseline',
] satisfies BuiltInGate[]);
const ADVISING = new Set<string>(['cost_analysis', 'performance_baseline'] satisfies BuiltInGate[]);

/** The mode of a gate whose setting does not say: cost and performance advise, all others block. */
export function defaultMode(name: string): GateMode {
  return ADVISING.has(name) ? 'warn' : 'block';
}

/** A gate as a default demands it: five of the built-in ones judge artifacts, all others every kind. */
export function defaultGate(name: string, mode: GateMode = defaultMode(name)): GateSetting {
  return { name, mode, applies_to: ABOUT_ARTIFACTS.has(name) ? ['artifact'] : KINDS };
}
