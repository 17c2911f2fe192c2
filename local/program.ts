/** What a person calls to start this runtime and to ask it: `npm start` in a checkout, `sluice-local` where the package is installed. */
export interface Program {
  readonly start: string;
  /** The command that starts it with an option. */
  with(option: string): string;
  /** The command that prints a token. */
  token(email: string): string;
}

const CHECKOUT: Program = {
  start: 'npm start',
  with: (option) => `npm start -- ${option}`,
  token: (email) => `npm run --silent token -- ${email}`,
};

const PACKAGE: Program = {
  start: 'sluice-local',
  with: (option) => `sluice-local ${option}`,
  token: (email) => `sluice-local token ${email}`,
};

/** Returns the program that runs here: the package says so in `SLUICE_LOCAL_PROGRAM`. */
export const programOf = (environment: Readonly<Record<string, string | undefined>>): Program =>
  environment['SLUICE_LOCAL_PROGRAM'] === 'sluice-local' ? PACKAGE : CHECKOUT;
