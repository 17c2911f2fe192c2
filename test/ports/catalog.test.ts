import { onBoth } from './adapters.ts';
import { catalogContract } from './catalog.contract.ts';

onBoth('catalog', catalogContract);
