import { EVERY_KIND } from '../catalog/environment.ts';
import type { GateMode, GateSetting } from './gate.ts';

const ABOUT_ARTIFACTS = ['tests', 'security_scan', 'signature', 'cost_analysis', 'performance_baseline'];
const ADVISING = ['cost_analysis', 'performance_baseline'];

/** The mode of a gate whose setting does not say: cost and performance advise, all others block. */
export function defaultMode(name: string): GateMode {
  return ADVISING.includes(name) ? 'warn' : 'block';
}

/** A gate as a default demands it: five of the built-in ones judge artifacts, all others every kind (DESIGN section 5). */
export function defaultGate(name: string, mode: GateMode = defaultMode(name)): GateSetting {
  return { name, mode, applies_to: ABOUT_ARTIFACTS.includes(name) ? ['artifact'] : EVERY_KIND };
}
