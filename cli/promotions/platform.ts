/** The artifact that is meant where none is named. */
export const PLATFORM = 'platform';
