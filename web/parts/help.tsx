import { helping, keysOn, switchKeys } from '../keys.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'Search for a subject, a promotion, an environment or a page'],
  ['f', 'Filter what the page lists'],
  ['j, k', 'Next and previous row'],
  ['h, l', 'Previous and next environment, in the matrix; the arrows do the same'],
  ['Enter', 'Open the row, or the promotion in a place'],
  ['x', 'Pick the row'],
  ['g f', 'Flow'],
  ['g p', 'Promotions'],
  ['g c', 'Compare'],
  ['g d', 'Delivery'],
  ['g a', 'Audit'],
  ['g e', 'Environments'],
  ['a', 'Jump to the decision; it never approves'],
  ['Esc', 'Leave a field, close this'],
];

/** The keys, when somebody asks for them. */
export const Help = () =>
  helping.value ? (
    <section class="sect help" aria-label="Keys">
      <header>
        <h2>Keys</h2>
        <button type="button" class="btn bare end" onClick={() => switchKeys(!keysOn.value)}>
          {keysOn.value ? 'Switch the keys off' : 'Switch the keys on'}
        </button>
      </header>
      <dl class="kv pad">
        {KEYS.map(([key, does]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </>
        ))}
      </dl>
    </section>
  ) : undefined;
