/** Characters shown around each difference; the rest is counted. */
const AROUND = 40;

/** Two texts held against each other. Lengths are in characters as people count them (code points). */
export type Difference = {
  /** Characters at the beginning that are the same and not shown. */
  readonly cutBefore: number;
  /** The same text before the difference, the differing parts, and the same text after them. */
  readonly before: string;
  readonly from: string;
  readonly to: string;
  readonly after: string;
  /** Characters at the end that are the same and not shown. */
  readonly cutAfter: number;
};

/**
 * Where two texts differ, with what stands around: from the first character that differs to the last. Two long values that differ in one
 * place are shown there, not at their equal beginnings.
 */
export function differenceOf(from: string, to: string): Difference {
  const [left, right] = [[...from], [...to]];
  const shortest = Math.min(left.length, right.length);
  let begin = 0;
  while (begin < shortest && left[begin] === right[begin]) begin += 1;
  let end = 0;
  while (end < shortest - begin && left[left.length - 1 - end] === right[right.length - 1 - end]) end += 1;
  const shownBefore = Math.min(begin, AROUND);
  const shownAfter = Math.min(end, AROUND);
  return {
    cutBefore: begin - shownBefore,
    before: left.slice(begin - shownBefore, begin).join(''),
    from: left.slice(begin, left.length - end).join(''),
    to: right.slice(begin, right.length - end).join(''),
    after: left.slice(left.length - end, left.length - end + shownAfter).join(''),
    cutAfter: end - shownAfter,
  };
}
