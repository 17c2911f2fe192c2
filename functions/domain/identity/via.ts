/** Ways other than the API on which a person's decision can come. */
export const CHANNELS = ['email', 'slack', 'link'] as const;
export type Channel = (typeof CHANNELS)[number];

/** The way on which somebody acted, and the approval link that was used there. Absent: the API. */
export type Via = { readonly channel: Channel; readonly link_id?: string };
