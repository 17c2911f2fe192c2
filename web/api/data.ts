import { useSignal } from '@preact/signals';
import { useCallback, useEffect } from 'preact/hooks';
import { PAUSE } from './client.ts';
import { isPassing, type Outcome, type Problem } from './problem.ts';

/** Something that a page shows, as far as it is known. */
export type Data<T> = {
  /** The newest answer; it stays while a later one is refused. */
  readonly value: T | undefined;
  /** Why the last request was not served. */
  readonly problem: Problem | undefined;
  /** Asks again, now. */
  readonly reload: () => void;
  /** Asks for what follows too; absent where nothing does. */
  readonly more?: (() => void) | undefined;
};

export type Load<T> = (signal: AbortSignal) => Promise<Outcome<T>>;

/**
 * Loads something for as long as the page shows it: once, and again every `seconds` where they are given and the page can be seen. Where the
 * server was busy it is asked again soon, so that no page waits for ever for what one request did not bring. What is loaded belongs to `key`: under another one it is loaded anew, and the answer to the one before is thrown away.
 */
export function useData<T>(key: string, load: Load<T>, seconds?: number): Data<T> {
  const state = useSignal<{ readonly key: string; readonly value?: T; readonly problem?: Problem }>({ key });
  const turn = useSignal(0);
  const asked = turn.value;
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let begun = false;
    const again = async (): Promise<void> => {
      let next = seconds === undefined ? undefined : seconds * 1000;
      if (!document.hidden) {
        begun = true;
        const outcome = await load(abort.signal).catch(unlessAborted(abort.signal));
        if (outcome === undefined) return;
        const { value } = state.peek().key === key ? state.peek() : { value: undefined };
        if (outcome.ok) state.value = { key, value: outcome.value };
        else state.value = { key, problem: outcome.problem, ...(value === undefined ? {} : { value }) };
        if (!outcome.ok && isPassing(outcome.problem)) next = PAUSE;
      }
      if (next !== undefined && !abort.signal.aborted) timer = setTimeout(again, next);
    };
    const seen = () => {
      if (document.hidden || (begun && seconds === undefined)) return;
      clearTimeout(timer);
      void again();
    };
    document.addEventListener('visibilitychange', seen);
    void again();
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [key, asked, seconds]);
  const { value, problem } = state.value.key === key ? state.value : { value: undefined, problem: undefined };
  const reload = useCallback(() => {
    turn.value += 1;
  }, [turn]);
  return { value, problem, reload };
}

const unlessAborted = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
  return undefined;
};
