// Addresses to come back to: only our own, whatever was kept.
export function ownAddress(kept: string | null): string | null {
  if (!kept || !URL.canParse(kept, location.origin)) return null;
  const url = new URL(kept, location.origin);
  return url.origin === location.origin && url.pathname !== '/' ? url.pathname : null;
}
