import { onBoth } from './adapters.ts';
import { evaluationsContract } from './evaluations.contract.ts';

onBoth('evaluations', evaluationsContract);
