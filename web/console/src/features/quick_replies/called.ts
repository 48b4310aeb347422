// Which quick reply somebody is calling: what stands between a slash and the cursor.
import type { QuickReply } from '@balcao/api';
import { plain } from '@balcao/ui';

export interface Called {
  /** Where the slash stands. */
  start: number;
  /** What was typed after it so far. */
  query: string;
}

/** A slash calls at the beginning of a word only: an address, a fraction or "e/ou" calls nothing. */
export function calledAt(text: string, cursor: number): Called | null {
  const found = /(?:^|\s)\/([^\s/]*)$/.exec(text.slice(0, cursor));
  return found ? { start: cursor - (found[1]?.length ?? 0) - 1, query: found[1] ?? '' } : null;
}

/** Those that are meant, the likeliest first: whose shortcut begins so, then whose shortcut has it, then whose text has it. */
export function matching(all: readonly QuickReply[], query: string): QuickReply[] {
  const key = plain(query);
  const rank = ({ shortcut, text }: QuickReply): number => {
    const own = plain(shortcut);
    if (own === key) return 0;
    if (own.startsWith(key)) return 1;
    if (own.includes(key)) return 2;
    return plain(text).includes(key) ? 3 : 4;
  };
  return all
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter((one) => one.rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .map((one) => one.reply);
}
