import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/problem.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-name.ts';

/** What failed, what to do, and under which number it can be looked up. */
export const ProblemNote = ({
  problem,
  retry,
}: {
  readonly problem: Problem;
  readonly retry?: (() => void) | undefined;
}) => (
  <div class="note stop" role="alert">
    <Icon name="failed" tone="stop" />
    <div>
      <p>
        <b>{problem.title}.</b> {sentence(problem.detail)}
      </p>
      {problem.instance === undefined ? undefined : <p class="xs mut">Request {problem.instance}</p>}
    </div>
    {retry === undefined ? undefined : (
      <span class="end">
        <button type="button" class="btn" onClick={retry}>
          Try again
        </button>
      </span>
    )}
  </div>
);

/** A detail of a problem as a sentence of its own. */
export const sentence = (detail: string): string =>
  detail === ''
    ? ''
    : `${detail.charAt(0).toUpperCase()}${detail.slice(1)}${/[.!?]$/.test(detail) ? '' : '.'}`;

/** Something that a person should know before going on. */
export const Note = ({
  icon,
  tone,
  children,
}: {
  readonly icon: IconName;
  readonly tone: 'stop' | 'wait' | 'hold' | 'ok' | 'move';
  readonly children: ComponentChildren;
}) => (
  <div class={`note ${tone}`} role="status">
    <Icon name={icon} tone={tone} />
    <div>{children}</div>
  </div>
);

/** Nothing is there: what will be, and how it comes there. */
export const Empty = ({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) => (
  <div class="void">
    <h3>{title}</h3>
    {children}
  </div>
);

/** Grey rows where rows will be; they show after a moment, so that what comes at once does not flicker. */
export const Loading = ({ rows = 4 }: { readonly rows?: number }) => (
  <div class="loading pad" aria-busy="true">
    <p class="sr" role="status">
      Loading
    </p>
    {Array.from({ length: rows }, (_, at) => (
      <span key={at} class={`sk ${at % 2 === 0 ? 'a' : 'c2'}`} />
    ))}
  </div>
);
