import type { Kind } from '../subject.ts';
import type { Environment } from './environment.ts';

/** What a kind needs to enter an environment by the environment's own gates and protection, in words for people. */
export function entryInWords(
  { gates, protected: isProtected }: Pick<Environment, 'gates' | 'protected'>,
  kind: Kind,
): string {
  const names = (mode: string) =>
    gates.filter((gate) => gate.mode === mode && gate.applies_to.includes(kind)).map(({ name }) => name);
  const [blocking, advising] = [names('block'), names('warn')];
  return [
    `must pass ${blocking.join(', ')}`,
    ...(advising.length === 0 ? [] : [`is warned by ${advising.join(', ')}`]),
    isProtected
      ? 'needs at least one approval'
      : 'needs an approval only where a rule or an approval policy asks for it',
  ].join('; ');
}
