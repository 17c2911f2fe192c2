/** Whether something new goes to an environment, or what was there comes back. */
export type PromotionType = 'promotion' | 'rollback';
