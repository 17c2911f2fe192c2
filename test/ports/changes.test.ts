import { onBoth } from './adapters.ts';
import { changesContract } from './changes.contract.ts';

onBoth('changes', changesContract);
