// Keeping a conversation: on paper, or as a file with its protocol number.
import type { ConversationRow } from '@balcao/api';
import type { MenuItem } from '@balcao/ui';
import FileDown from '@lucide/svelte/icons/file-down';
import Printer from '@lucide/svelte/icons/printer';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import { t } from '../../i18n/i18n.svelte';

export type KeepingItem = MenuItem & { id: string; icon: typeof Printer };

/** In a tab of its own: the desk stays open beside it. */
function print({ id }: ConversationRow): void {
  open(`/conversations/${id}/print`, '_blank', 'noopener');
}

function download({ id }: ConversationRow, notes: boolean): void {
  const link = document.createElement('a');
  link.href = `/api/conversations/${id}/transcript.pdf?notes=${notes}`;
  link.download = '';
  link.click();
}

export function keepingItems(row: ConversationRow): KeepingItem[] {
  return [
    { id: 'print', label: t('console.keep.print'), icon: Printer, run: () => print(row) },
    { id: 'pdf', label: t('console.keep.pdf'), icon: FileDown, run: () => download(row, false) },
    { id: 'pdf-notes', label: t('console.keep.pdfNotes'), icon: StickyNote, run: () => download(row, true) },
  ];
}
