import { signal } from '@preact/signals';

/** How many promotions wait for the person, as far as a page has learnt. */
export const waiting = signal(0);
