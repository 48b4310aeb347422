// Whole numbers as they are typed: what is none is sent as one that is refused, so that its field is told of beside all others.

/** Beyond everything that may be set, and small enough for every number the server reads. */
const REFUSED = 65_535;

export const isWhole = (text: string): boolean => /^\s*\d{1,9}\s*$/.test(text);

export const wholeOf = (text: string): number => (isWhole(text) ? Math.min(Number(text), REFUSED) : REFUSED);
