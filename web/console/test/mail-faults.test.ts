// What is said of a mail server: its own words only where there was one to speak.
import { expect, it } from 'vitest';
import { faultText, saidByServer } from '../src/features/mail/faults';
import { i18n } from '../src/i18n/i18n.svelte';

it('a name that leads nowhere is told in our words alone', async () => {
  await i18n.use('pt-BR');
  expect(faultText('host_unknown')).toBe('Não encontramos este servidor. Confira o nome.');
  expect(saidByServer('host_unknown', 'failed to lookup address information')).toBe('');
  expect(saidByServer('login_refused', '535 Wrong password')).toBe('535 Wrong password');
  expect(saidByServer(null, '550 Spam')).toBe('550 Spam');
});
