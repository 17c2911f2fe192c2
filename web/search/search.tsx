import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../api/problem.ts';
import { Icon } from '../parts/icon.tsx';
import { sentence } from '../parts/notes.tsx';
import { follow } from '../router.ts';
import { count } from '../words/status.ts';
import { type Place, placesFor } from './found.ts';
import { known, learn } from './known.ts';

/** Milliseconds without a key after which the server is asked for what is not known. */
const PAUSE = 250;
/** Shorter texts fit too much to be asked about. */
const SHORTEST = 2;

/** The search in the head of every page: a field with a list of places below it, walked by the arrows (ARIA's combobox). */
export const Search = () => {
  const text = useSignal('');
  const open = useSignal(false);
  const at = useSignal(0);
  const asking = useSignal(false);
  const problem = useSignal<Problem | undefined>(undefined);
  const wrapper = useRef<HTMLElement>(null);
  useEffect(() => {
    problem.value = undefined;
    asking.value = text.value.trim().length >= SHORTEST;
    if (!asking.value) return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const wrong = await learn(text.value, abort.signal).catch(() => undefined);
      if (abort.signal.aborted) return;
      problem.value = wrong;
      asking.value = false;
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text.value, text, asking, problem]);
  const places = open.value ? placesFor(text.value, known()) : [];
  const chosen = Math.min(at.value, places.length - 1);
  const write = (value: string) => {
    text.value = value;
    at.value = 0;
    open.value = value.trim() !== '';
  };
  const leave = (to: Place) => {
    write('');
    follow(to.to);
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const place = places[chosen];
    if (event.key === 'Escape' && open.value) write('');
    else if (event.key === 'ArrowDown' && places.length > 0) at.value = (chosen + 1) % places.length;
    else if (event.key === 'ArrowUp' && places.length > 0)
      at.value = (chosen + places.length - 1) % places.length;
    else if (event.key === 'Enter' && place !== undefined) leave(place);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    wrapper.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <search
      class="find"
      aria-label="Everything"
      ref={wrapper}
      onFocusOut={({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node && wrapper.current?.contains(relatedTarget))) open.value = false;
      }}
    >
      <Icon name="search" />
      <input
        class="in"
        id="find"
        type="text"
        role="combobox"
        aria-label="Search subjects, promotions, environments and pages"
        aria-autocomplete="list"
        aria-expanded={places.length > 0}
        aria-controls={places.length > 0 ? 'found' : undefined}
        aria-activedescendant={places.length > 0 ? `found-${chosen}` : undefined}
        placeholder="Subject, promotion or digest"
        autocomplete="off"
        spellcheck={false}
        maxLength={200}
        value={text.value}
        onInput={({ currentTarget }) => write(currentTarget.value)}
        onFocus={() => {
          open.value = text.value.trim() !== '';
        }}
        onKeyDown={press}
      />
      {open.value ? (
        <div class="found">
          {places.length === 0 ? undefined : <Found places={places} chosen={chosen} leave={leave} />}
          <Told number={places.length} asking={asking.value} problem={problem.value} text={text.value} />
        </div>
      ) : undefined}
    </search>
  );
};

const Found = ({
  places,
  chosen,
  leave,
}: {
  readonly places: readonly Place[];
  readonly chosen: number;
  readonly leave: (to: Place) => void;
}) => (
  <div role="listbox" id="found" aria-label="Found">
    {[...Map.groupBy(places, ({ group }) => group)].map(([group, some]) => (
      <div key={group} role="group" aria-label={group}>
        <p class="xs mut" aria-hidden="true">
          {group}
        </p>
        {some.map((place) => {
          const number = places.indexOf(place);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus, and its keys
            <div
              key={place.to}
              id={`found-${number}`}
              role="option"
              tabIndex={-1}
              aria-selected={number === chosen}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => leave(place)}
            >
              <Icon name={place.icon} />
              <b>{place.name}</b>
              <span class="sec sm">{place.says}</span>
            </div>
          );
        })}
      </div>
    ))}
  </div>
);

/** What came of searching, for those who do not see the list too. */
const Told = ({
  number,
  asking,
  problem,
  text,
}: {
  readonly number: number;
  readonly asking: boolean;
  readonly problem: Problem | undefined;
  readonly text: string;
}) => (
  <p class={number > 0 && problem === undefined ? 'sr' : 'sm sec told'} role="status">
    {problem === undefined
      ? number > 0
        ? `${count(number, 'place')} found`
        : asking
          ? 'Looking'
          : `Nothing is called ${text.trim()}. Names, versions, digests, open promotions and pages were searched; of a promotion that ended, write its whole id.`
      : `Only pages were searched. ${problem.title}: ${sentence(problem.detail)}`}
  </p>
);
