import { GRYPE } from './grype.ts';
import { IN_TOTO } from './in-toto.ts';
import { INFRACOST } from './infracost.ts';
import { K6 } from './k6.ts';
import { SARIF } from './sarif.ts';
import { TRIVY } from './trivy.ts';

/** The formats in JSON, with documented samples of each. */
export const JSON_SAMPLES = [
  ['trivy', TRIVY],
  ['sarif', SARIF],
  ['grype', GRYPE],
  ['infracost', INFRACOST],
  ['k6', K6],
  ['in-toto', IN_TOTO],
] as const;
