import type { Kind } from './subject.ts';

/** Where kinds differ in a word or a default only; what they do differently stands in `use-cases/kinds`. */
type KindTraits = {
  /** What it is called where an environment has one of it; absent: each is known by its kind and name. */
  readonly only?: string;
  /** Whether a completed promotion makes a deployment, a service of CDEvents; otherwise it changes the environment itself. */
  readonly deploys: boolean;
  /** The type of its package URL: https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst */
  readonly purl: 'generic' | 'oci';
  /** Whether its content lies in registries, beside which the records of its promotions are kept too. */
  readonly in_registries: boolean;
  /** Whether a request that does not say executes by itself once nothing stands against it. */
  readonly executes_by_itself: boolean;
  /** Whether its changes show values of the source, and not digests alone. */
  readonly shows_values: boolean;
};

/** The traits of every kind: a new kind does not compile until it has its own. */
export const TRAITS: { readonly [kind in Kind]: KindTraits } = {
  agent: {
    deploys: true,
    purl: 'generic',
    in_registries: false,
    executes_by_itself: true,
    shows_values: false,
  },
  artifact: {
    deploys: true,
    purl: 'oci',
    in_registries: true,
    executes_by_itself: true,
    shows_values: false,
  },
  config: {
    only: 'configuration',
    deploys: false,
    purl: 'generic',
    in_registries: false,
    executes_by_itself: false,
    shows_values: true,
  },
};
