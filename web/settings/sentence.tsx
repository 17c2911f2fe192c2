import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Said } from '../words/governing.ts';

/** A sentence that is a form: each word that can be changed opens its control below. One is open at a time. */
export const Sentence = <W extends string>({
  parts,
  control,
}: {
  readonly parts: readonly Said<W>[];
  readonly control: (word: W) => ComponentChildren;
}) => {
  const open = useSignal<W | undefined>(undefined);
  const id = useId();
  const below = useRef<HTMLDivElement>(null);
  const word = open.value;
  useEffect(() => {
    if (word !== undefined) below.current?.querySelector<HTMLElement>('input, select')?.focus();
  }, [word]);
  return (
    <div class="wide">
      <p class="rule">
        {parts.map((part) =>
          typeof part === 'string' ? (
            part
          ) : (
            <button
              key={part.word}
              type="button"
              class="e"
              aria-expanded={part.word === word}
              aria-controls={part.word === word ? id : undefined}
              onClick={() => {
                open.value = part.word === word ? undefined : part.word;
              }}
            >
              {part.says}
            </button>
          ),
        )}
      </p>
      <p class="sr" role="status">
        {parts.map((part) => (typeof part === 'string' ? part : part.says)).join('')}
      </p>
      {word === undefined ? (
        <p class="sm sec">Underlined words can be changed.</p>
      ) : (
        <div class="plan" id={id} ref={below}>
          {control(word)}
        </div>
      )}
    </div>
  );
};
