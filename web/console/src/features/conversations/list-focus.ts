// The focus in the list: back to a row, or to the one that has come to its place.
import { lists } from './lists.svelte';

/** To this row where it is drawn, else to the first; where nothing is listed any more, to the list's tab. */
export function focusRow(id: string | null): void {
  const place =
    document.querySelector<HTMLElement>(`[data-row] a[href="/conversations/${id}"]`) ??
    document.querySelector<HTMLElement>('[data-row] a') ??
    document.querySelector<HTMLElement>('[role=tab][aria-selected=true]');
  place?.focus({ preventScroll: true });
}

/** Remembers a row's place. What is answered brings the focus back: to the row while it is listed, else to the one after it. */
export function placeOf(id: string | null): () => void {
  const { rows } = lists;
  const index = rows.findIndex((row) => row.id === id);
  const next = (rows[index + 1] ?? rows[index - 1])?.id ?? null;
  return () => focusRow(lists.rows.some((row) => row.id === id) ? id : next);
}
