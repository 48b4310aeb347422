// Domains as people paste them ("https://Loja.com.br/planos, www.b.com") → as the server wants them.
export function domainsOf(text: string): string[] {
  const found = text
    .split(/[\s,;]+/u)
    .map((part) =>
      part
        .trim()
        .toLowerCase()
        .replace(/^[a-z]+:\/\//u, '')
        .replace(/[/?#].*$/u, ''),
    )
    .filter(Boolean);
  return [...new Set(found)];
}
