import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { Time } from '../parts/time.tsx';
import { lastChangeOf } from './entries.ts';

/** Nothing was saved, because the entry is another one by now: who changed it, what it is now, and what can be done. */
export const ChangedSince = ({
  env,
  entryKey,
  now,
  take,
  keep,
}: {
  readonly env: string;
  readonly entryKey: string;
  /** What it holds now, as it would be edited; `undefined`: it was deleted. */
  readonly now: string | undefined;
  /** Goes on with what it holds now. */
  readonly take: () => void;
  /** Goes on with what the person wrote, over what it holds now. */
  readonly keep: () => void;
}) => {
  const change = useSignal<Awaited<ReturnType<typeof lastChangeOf>>>(undefined);
  useEffect(() => {
    void lastChangeOf(env, entryKey).then((found) => {
      change.value = found;
    });
  }, [env, entryKey, now, change]);
  const { actor, reason, revision, at } = change.value ?? {};
  return (
    <div class="note stop" role="alert">
      <Icon name="conflict" tone="stop" />
      <div>
        <p>
          <b>
            {actor === undefined ? 'Somebody' : actor.email || actor.subject}{' '}
            {now === undefined ? 'deleted' : 'changed'} {entryKey} meanwhile.
          </b>{' '}
          {at === undefined || revision === undefined ? undefined : (
            <>
              Revision {revision}, <Time at={at} />
              {reason ? `: ${reason}` : ''}.{' '}
            </>
          )}
          Nothing was saved.
        </p>
        {now === undefined ? undefined : (
          <p>
            It holds now: <code>{now.length > SHOWN ? `${now.slice(0, SHOWN)}…` : now}</code>
          </p>
        )}
        <div class="btns">
          {now === undefined ? undefined : (
            <button type="button" class="btn" onClick={take}>
              Edit what it holds now
            </button>
          )}
          <button type="button" class="btn" onClick={keep}>
            Keep what I wrote, to save it over that
          </button>
        </div>
      </div>
    </div>
  );
};

/** Characters of what it holds now. */
const SHOWN = 500;
