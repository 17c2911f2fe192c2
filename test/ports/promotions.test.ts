import { onBoth } from './adapters.ts';
import { promotionsContract } from './promotions.contract.ts';

onBoth('promotions', promotionsContract);
