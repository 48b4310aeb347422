// Why mail does not go out or come in, in words that say what can be done about it.
import type { MailFault } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';

export function faultText(fault: MailFault | null): string {
  if (!fault) return t('console.mail.fault.unknown');
  const texts: Record<MailFault, string> = {
    access_refused: t('console.mail.fault.access_refused'),
    bounced: t('console.mail.fault.bounced'),
    certificate_invalid: t('console.mail.fault.certificate_invalid'),
    client_refused: t('console.mail.fault.client_refused'),
    connection_lost: t('console.mail.fault.connection_lost'),
    files_unavailable: t('console.mail.fault.files_unavailable'),
    consent_missing: t('console.mail.fault.consent_missing'),
    consent_revoked: t('console.mail.fault.consent_revoked'),
    folder_unknown: t('console.mail.fault.folder_unknown'),
    host_unknown: t('console.mail.fault.host_unknown'),
    login_refused: t('console.mail.fault.login_refused'),
    login_unsupported: t('console.mail.fault.login_unsupported'),
    message_refused: t('console.mail.fault.message_refused'),
    not_set_up: t('console.mail.fault.not_set_up'),
    protocol_broken: t('console.mail.fault.protocol_broken'),
    recipient_refused: t('console.mail.fault.recipient_refused'),
    sender_refused: t('console.mail.fault.sender_refused'),
    starttls_missing: t('console.mail.fault.starttls_missing'),
    timed_out: t('console.mail.fault.timed_out'),
    tls_failed: t('console.mail.fault.tls_failed'),
    token_server_refused: t('console.mail.fault.token_server_refused'),
    token_server_unreachable: t('console.mail.fault.token_server_unreachable'),
    unreachable: t('console.mail.fault.unreachable'),
  };
  return texts[fault] ?? t('console.mail.fault.unknown');
}

/** Where nobody was reached, what is told beside the fault is our own machine's word. */
const UNREACHED: readonly MailFault[] = ['host_unknown', 'unreachable', 'timed_out'];

/** What the server itself has said, if anything. */
export const saidByServer = (fault: MailFault | null | undefined, detail: string | null | undefined): string =>
  fault && UNREACHED.includes(fault) ? '' : (detail ?? '');
