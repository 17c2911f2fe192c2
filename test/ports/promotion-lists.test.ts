import { onBoth } from './adapters.ts';
import { promotionListsContract } from './promotion-lists.contract.ts';

onBoth('lists of promotions', promotionListsContract);
