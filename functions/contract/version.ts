/** The version of this code: `package.json` has the same. */
export const VERSION = '0.2.0';

/** The header of every answer that says which version answers; 0.1.0 has none. */
export const VERSION_HEADER = 'sluice-version';
