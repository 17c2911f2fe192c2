/** What driving promotions takes beside the table: to announce, and to start and wake their executions. */
export const DRIVES = { publishes: true, starts: true, wakes: true } as const;
