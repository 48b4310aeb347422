// The mail account's form: flat, so that each field has a name of its own; the server's names are put together and taken apart here.
import {
  ApiError,
  isApiError,
  type MailAccount,
  type MailChange,
  type MailLogin,
  type MailSecurity,
  type OauthProvider,
} from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';

export const SERVERS = ['smtp', 'imap'] as const;
export type ServerName = (typeof SERVERS)[number];

export function formOf({ settings: { smtp, imap, oauth, ...settings } }: MailAccount) {
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
    oauth_provider: oauth.provider,
    oauth_client_id: oauth.client_id,
    oauth_user: oauth.user,
    oauth_tenant: oauth.tenant,
    oauth_authorization_url: oauth.authorization_url,
    oauth_token_url: oauth.token_url,
    oauth_scope: oauth.scope,
    client_secret: '',
  };
}

export type MailForm = ReturnType<typeof formOf>;

const SECRETS = ['smtp_password', 'imap_password', 'client_secret'] as const;
const OF_PART = /^(smtp|imap|oauth)_(?!password$)(.+)$/u;

export function changeOf(changes: Partial<MailForm>): MailChange {
  const change: MailChange & { settings: Record<string, unknown> } = { settings: {} };
  for (const [key, value] of Object.entries(changes)) {
    const [, part, name] = OF_PART.exec(key) ?? [];
    const secret = SECRETS.find((one) => one === key);
    if (secret) change[secret] = String(value);
    else if (part && name) {
      const of = (change.settings[part] ??= {}) as Record<string, unknown>;
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

export const logins = (): { value: MailLogin; label: string }[] => [
  { value: 'password', label: t('console.mail.byPassword') },
  { value: 'oauth2', label: t('console.mail.byOauth') },
];

export const providers = (): { value: OauthProvider; label: string }[] => [
  { value: 'google', label: 'Google' },
  { value: 'microsoft', label: 'Microsoft' },
  { value: 'other', label: t('console.mail.otherProvider') },
];

/** Where the providers' own servers are. */
const HOSTS = {
  google: { smtp: 'smtp.gmail.com', imap: 'imap.gmail.com' },
  microsoft: { smtp: 'smtp.office365.com', imap: 'outlook.office365.com' },
};

/** Fills in a provider's servers and the address, where nothing of one's own stands there. */
export function fillIn(draft: MailForm): void {
  if (draft.login !== 'oauth2') return;
  if (!draft.oauth_user.trim()) draft.oauth_user = draft.from_address;
  if (draft.oauth_provider === 'other') return;
  const known = Object.values(HOSTS).flatMap((one) => [one.smtp, one.imap]);
  const hosts = HOSTS[draft.oauth_provider];
  const isFree = (host: string) => !host.trim() || known.includes(host.trim());
  if (isFree(draft.smtp_host))
    Object.assign(draft, { smtp_host: hosts.smtp, smtp_port: '587', smtp_security: 'starttls' });
  if (isFree(draft.imap_host)) Object.assign(draft, { imap_host: hosts.imap, imap_port: '993', imap_security: 'tls' });
}
