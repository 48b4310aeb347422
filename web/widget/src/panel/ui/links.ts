// Finds web and e-mail addresses in a message. Answers pieces; nothing of it is ever read as HTML.

export interface Piece {
  text: string;
  href?: string;
}

/** Every part has a limit, so that no text can make the search slow. */
const FOUND =
  /(?:https?:\/\/|www\.)[^\s<>"]{1,2000}|[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){0,5}\.[a-z]{2,24}/gi;

/** Sentence marks at the end belong to the sentence, a bracket only if it was opened inside the address. */
function trim(found: string): string {
  for (;;) {
    const end = found.at(-1) ?? '';
    const opened = { ')': '(', ']': '[', '}': '{' }[end];
    const isLoose = opened ? found.split(opened).length < found.split(end).length : /[.,;:!?'’”»*_~]/.test(end);
    if (!isLoose) return found;
    found = found.slice(0, -1);
  }
}

function hrefOf(found: string): string | undefined {
  if (!/^(https?:|www\.)/i.test(found)) return 'mailto:' + found;
  try {
    const { href, hostname } = new URL(found.replace(/^www/i, 'https://$&'));
    return hostname.includes('.') ? href : undefined;
  } catch {
    return undefined;
  }
}

export function pieces(text: string): Piece[] {
  const out: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(FOUND)) {
    const found = trim(match[0]);
    const href = hrefOf(found);
    if (!href) continue;
    if (match.index > from) out.push({ text: text.slice(from, match.index) });
    out.push({ text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) out.push({ text: text.slice(from) });
  return out;
}
