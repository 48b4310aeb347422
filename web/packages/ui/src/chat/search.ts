// What a message shows of a search: its words, and whether it is the one the person stands at.
export interface Search {
  words: readonly string[];
  isCurrent: boolean;
}
