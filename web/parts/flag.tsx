import type { ComponentChildren } from 'preact';
import { flagInWords } from '../words/flag.ts';
import { Change, textOf } from './value.tsx';

/** A flag in words, with its members behind them; what is no flag as the text that it is. */
export const Flag = ({ of }: { readonly of: unknown }) => {
  const words = flagInWords(of);
  if (words === undefined) return <>{textOf(of)}</>;
  return (
    <>
      <Switch on={words.on} says={words.says} />
      <Members>{JSON.stringify(of, null, 1)}</Members>
    </>
  );
};

/** A change of a flag: the words before and after where they say it, and what became of its members. */
export const FlagChange = ({ from, to }: { readonly from?: unknown; readonly to?: unknown }) => {
  const [old, fresh] = [flagInWords(from), flagInWords(to)];
  const unsaid = (from !== undefined && old === undefined) || (to !== undefined && fresh === undefined);
  if (unsaid || old?.says === fresh?.says) return <Change from={from} to={to} />;
  return (
    <>
      {old === undefined ? undefined : (
        <del>
          <Switch {...old} />
        </del>
      )}
      {old === undefined || fresh === undefined ? undefined : (
        <span class="arr">
          <span aria-hidden="true">→</span>
          <span class="sr"> becomes </span>
        </span>
      )}
      {fresh === undefined ? undefined : (
        <ins>
          <Switch {...fresh} />
        </ins>
      )}
      <Members>
        <Change from={from} to={to} />
      </Members>
    </>
  );
};

const Members = ({ children }: { readonly children: ComponentChildren }) => (
  <details class="members">
    <summary class="xs">JSON</summary>
    <pre class="xs">{children}</pre>
  </details>
);

/** Whether it is on, as a shape and in words. */
const Switch = ({ on, says }: { readonly on: boolean; readonly says: string }) => (
  <span class={on ? 'sw on' : 'sw'}>{says}</span>
);
