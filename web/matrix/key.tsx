/** What the drawing of the matrix means, in its own lines. */
export const MatrixKey = () => (
  <p class="key">
    <span>
      <Level step="M0 4h44v12H0z" line="M0 4h44" /> level: the same content
    </span>
    <span>
      <Level step="M0 3h22v5h22v8H0z" line="M0 3h22v5h22" /> a step down: other content
    </span>
    <span>
      <Level step="M0 4h22v12H0zM22 9h22v7H22z" line="M0 4h22M22 9h22" board /> a board: a promotion waits
    </span>
    <span>
      <svg viewBox="0 0 44 16" aria-hidden="true">
        <path d="M0 14h44" stroke="var(--ink-3)" stroke-dasharray="3 3" />
      </svg>{' '}
      dry: nothing deployed
    </span>
  </p>
);

const Level = ({
  step,
  line,
  board = false,
}: {
  readonly step: string;
  readonly line: string;
  readonly board?: boolean;
}) => (
  <svg viewBox="0 0 44 16" aria-hidden="true">
    <path d={step} fill="var(--water)" />
    <path d={line} stroke="var(--accent)" stroke-width="1.5" fill="none" />
    {board ? <path d="M20 0h4v16h-4z" fill="var(--wait)" /> : undefined}
  </svg>
);
