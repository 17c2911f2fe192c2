/** One key that differs between two environments, seen from the target. */
export type Difference = {
  readonly key: string;
  readonly flag: boolean;
  readonly operation: 'added' | 'modified' | 'removed' | 'owned';
  readonly source?: unknown;
  readonly target?: unknown;
  /** Which side changed it since both last agreed; absent where they never did. */
  readonly changedIn?: 'source' | 'target' | 'both';
  /** What both held then; absent: nothing. */
  readonly agreed?: unknown;
};

/** How a difference is named among those that are picked. */
export const nameOf = ({ key, flag }: Pick<Difference, 'key' | 'flag'>): string =>
  `${flag ? 'flag' : 'config'}/${key}`;
