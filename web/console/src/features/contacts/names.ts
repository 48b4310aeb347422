// What a contact is called on screen.
import type { Contact } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';

export function contactName(contact: Pick<Contact, 'name' | 'email' | 'number'>): string {
  return contact.name?.trim() || contact.email || t('console.contact.visitor', { number: contact.number });
}

/** "Marina Ribeiro" → "Marina", for places where a whole name is too long. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/u)[0] ?? name;
}
