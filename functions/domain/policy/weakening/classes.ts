export const CLASSES = ['weakens', 'redirects', 'grants', 'reveals', 'loses'] as const;

/** What a change of a member does to what governs promotions, where it is not neutral. */
export type Class = (typeof CLASSES)[number];

type Demand = {
  readonly means: string;
  /** Whether its author, and who confirmed it, decide nothing on what it concerns: `governor`. */
  readonly bars: boolean;
};

/** What each class demands. All of them take a reason, and a second admin where an environment concerned is protected. */
export const DEMANDS: { readonly [C in Class]: Demand } = {
  weakens: { means: 'lets through what was refused', bars: true },
  redirects: { means: 'content or a credential goes, or comes, from elsewhere', bars: true },
  grants: { means: 'a person or a machine gets a right, or is taken for another', bars: true },
  reveals: { means: 'more is seen, or more see it', bars: false },
  loses: { means: 'what one could go back to is gone', bars: false },
};
