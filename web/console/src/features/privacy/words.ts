// What is said about personal data, and how it is handed over.
import type { PrivacyDeed } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';
import { saveFile } from '../../shell/csv';

export const DEEDS: readonly PrivacyDeed[] = ['exported', 'erased', 'expired', 'opened'];

export const deedName = (deed: PrivacyDeed): string =>
  ({
    exported: t('console.privacy.deedExported'),
    erased: t('console.privacy.deedErased'),
    expired: t('console.privacy.deedExpired'),
    opened: t('console.privacy.deedOpened'),
  })[deed];

/** Gives a document to the browser to save. */
export function saveDocument(name: string, content: unknown): void {
  saveFile(`${name}.json`, JSON.stringify(content, null, 2), 'application/json');
}
