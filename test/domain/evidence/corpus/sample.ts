/**
 * A small document of the shape that a source documents. `lifts`: places where an edit makes the report pass by the format's own words
 * (dotted paths; an attribute's name in XML), so that it proves nothing.
 */
export type Sample = {
  readonly source: string;
  readonly text: string;
  readonly verdict: 'passes' | 'fails' | 'says nothing' | 'is refused';
  readonly facts?: object;
  readonly lifts?: readonly string[];
};

export const json = (value: unknown): string => JSON.stringify(value);
