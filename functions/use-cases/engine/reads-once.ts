/** Reads that are each made once. `settled`: once every read that was begun has ended. */
export type ReadsOnce = {
  /** The same store: who asks it for what was asked before gets the same answer, be it under way still. */
  of<S extends object>(name: string, store: S): S;
  /** What is asked from here on is read anew. */
  forget(): void;
  settled(): Promise<void>;
};

export function readsOnce(): ReadsOnce {
  const kept = new Map<string, Promise<unknown>>();
  const begun: Promise<unknown>[] = [];
  return {
    of: (name, store) =>
      new Proxy(store, {
        get(target, method) {
          const read = Reflect.get(target, method);
          if (typeof read !== 'function') return read;
          return (...asked: unknown[]) => {
            const key = JSON.stringify([name, method, asked]);
            const before = kept.get(key);
            if (before !== undefined) return before;
            const answer = (async () => read.apply(target, asked))();
            kept.set(key, answer);
            // One that nobody asks for may fail unheard; who asks for it hears of it.
            begun.push(answer.catch(() => undefined));
            return answer;
          };
        },
      }),
    forget() {
      kept.clear();
    },
    async settled() {
      await Promise.all(begun);
    },
  };
}
