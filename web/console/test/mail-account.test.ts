// The form of the mail account: its names taken apart for the server, and what is filled in for the providers.
import type { MailAccount } from '@balcao/api';
import { expect, test } from 'vitest';
import { changeOf, fillIn, formOf } from '../src/features/mail/account';

const server = { host: '', port: 587, security: 'starttls', user: '' };
const account = {
  settings: {
    from_name: '',
    from_address: 'suporte@loja.test',
    marks_address: false,
    login: 'password',
    oauth: {
      provider: 'google',
      client_id: '',
      user: '',
      tenant: '',
      authorization_url: '',
      token_url: '',
      scope: '',
    },
    smtp: server,
    imap: { ...server, folder: 'INBOX', receiving_server: '' },
  },
} as unknown as MailAccount;

test('each field goes to its part, and secrets beside them', () => {
  const change = changeOf({ login: 'oauth2', oauth_client_id: 'x', smtp_port: '465', client_secret: 's' });
  expect(change).toEqual({
    settings: { login: 'oauth2', oauth: { client_id: 'x' }, smtp: { port: 465 } },
    client_secret: 's',
  });
});

test('servers of a provider are filled in where nothing of one’s own stands', () => {
  const draft = { ...formOf(account), imap_host: 'mail.loja.test' };
  fillIn(draft);
  expect(draft.smtp_host).toBe('');
  draft.login = 'oauth2';
  fillIn(draft);
  expect([draft.smtp_host, draft.imap_host, draft.oauth_user]).toEqual([
    'smtp.gmail.com',
    'mail.loja.test',
    'suporte@loja.test',
  ]);
  draft.oauth_provider = 'microsoft';
  fillIn(draft);
  expect([draft.smtp_host, draft.smtp_port, draft.imap_host]).toEqual(['smtp.office365.com', '587', 'mail.loja.test']);
});
