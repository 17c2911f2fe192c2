import { onBoth } from './adapters.ts';
import { artifactsContract } from './artifacts.contract.ts';

onBoth('artifacts', artifactsContract);
