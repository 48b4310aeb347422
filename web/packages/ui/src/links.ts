// Finds web addresses in a text. Only http and https: anything else stays text.
export type TextPart = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

const ADDRESS = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+/giu;
/** Signs at the end that belong to the sentence, not to the address. */
const TRAILING = /[.,;:!?…)\]}]+$/u;

export function partsOf(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const shown = withoutTail(found[0]);
    const href = addressOf(shown);
    if (!href) continue;
    if (found.index > end) parts.push({ kind: 'text', text: text.slice(end, found.index) });
    parts.push({ kind: 'link', text: shown, href });
    end = found.index + shown.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

function withoutTail(address: string): string {
  const tail = TRAILING.exec(address)?.[0] ?? '';
  // A closing bracket stays when it was opened inside: …/wiki/Balcão_(móvel)
  if (tail.startsWith(')') && address.includes('(')) return address.slice(0, address.length - tail.length + 1);
  return address.slice(0, address.length - tail.length);
}

function addressOf(text: string): string | null {
  try {
    const url = new URL(/^www\./iu.test(text) ? `https://${text}` : text);
    const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
    return isWeb && url.hostname.includes('.') ? url.href : null;
  } catch {
    return null;
  }
}
