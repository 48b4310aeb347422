// The mail account's form: flat, so that each field has a name of its own; the server's names are put together and taken apart here.
import { ApiError, isApiError, type MailAccount, type MailChange, type MailSecurity } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';

export const SERVERS = ['smtp', 'imap'] as const;
export type ServerName = (typeof SERVERS)[number];

export function formOf({ settings: { smtp, imap, ...settings } }: MailAccount) {
  return {
    ...settings,
    smtp_host: smtp.host,
    smtp_port: String(smtp.port),
    smtp_security: smtp.security,
    smtp_user: smtp.user,
    /** Written only: empty says nothing of the one that is kept. */
    smtp_password: '',
    imap_host: imap.host,
    imap_port: String(imap.port),
    imap_security: imap.security,
    imap_user: imap.user,
    imap_password: '',
    imap_folder: imap.folder,
    imap_receiving_server: imap.receiving_server,
  };
}

export type MailForm = ReturnType<typeof formOf>;

const OF_SERVER = /^(smtp|imap)_(?!password$)(.+)$/u;

export function changeOf(changes: Partial<MailForm>): MailChange {
  const change: MailChange & { settings: Record<string, unknown> } = { settings: {} };
  for (const [key, value] of Object.entries(changes)) {
    const [, server, name] = OF_SERVER.exec(key) ?? [];
    if (key === 'smtp_password' || key === 'imap_password') change[key] = String(value);
    else if (server && name) {
      const of = (change.settings[server] ??= {}) as Record<string, unknown>;
      of[name] = name === 'port' ? portOf(String(value)) : value;
    } else change.settings[key] = value;
  }
  return change;
}

/** What is no number is refused by the server as one that is out of range. */
const portOf = (text: string): number => (/^\d{1,5}$/u.test(text.trim()) && Number(text) < 65_536 ? Number(text) : 0);

/** The server's word on `settings.smtp.host` belongs to the field `smtp_host`. */
export function renamed(error: unknown): unknown {
  if (!isApiError(error) || !error.fields.length) return error;
  const fields = error.fields.map((one) => ({
    ...one,
    field: one.field.replace(/^settings\./u, '').replace('.', '_'),
  }));
  return new ApiError(error.status, { code: error.code, message: error.message, fields } as never);
}

export const securities = (): { value: MailSecurity; label: string; detail?: string }[] => [
  { value: 'starttls', label: 'STARTTLS' },
  { value: 'tls', label: 'TLS' },
  { value: 'none', label: t('console.mail.securityNone') },
];
