// Real mail servers, where scripts/servers.sh has started some: mailboxes to look into, and a way to write to them from outside.
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Api } from './api';

/** Their ports, and the folder of the mailboxes; empty where there are none. */
export const servers = Object.fromEntries(
  (process.env.BALCAO_TEST_MAIL ?? '').split(' ').map((pair) => pair.split('=') as [string, string]),
);

/** An address that no other test has. */
export const mailAddress = (name: string, domain: string) => `${name}-${Math.random().toString(36).slice(2)}@${domain}`;

/** The mails in somebody's mailbox. */
export async function mails(address: string): Promise<string[]> {
  const folder = join(servers.mail!, address, 'Maildir/new');
  const names = await readdir(folder).catch(() => [] as string[]);
  return Promise.all(names.sort().map((name) => readFile(join(folder, name), 'utf8')));
}

/** Says it to the mail server as a customer's own would. */
export async function deliver(from: string, to: string, mail: string): Promise<void> {
  const body = mail.replaceAll('\n', '\r\n');
  const steps = ['EHLO casa.test', `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA', `${body}\r\n.`, 'QUIT'];
  await new Promise<void>((done, fail) => {
    const socket = connect(Number(servers.smtp), '127.0.0.1');
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      if (!/^[23]/.test(text)) return fail(new Error(text));
      const next = steps.shift();
      if (next) socket.write(next + '\r\n');
      else socket.end(done);
    });
    socket.on('error', fail);
  });
}

/** Sets a company's mail up with them, from an address that is a mailbox there. */
export async function setUpMail(owner: Api, address: string): Promise<void> {
  const smtp = { host: 'localhost', port: Number(servers.smtp), security: 'starttls', user: address };
  const imap = { host: 'localhost', port: Number(servers.imaps), security: 'tls', user: address };
  const form = { settings: { from_address: address, smtp, imap }, smtp_password: 'segredo', imap_password: 'segredo' };
  const { version } = await owner.call<{ version: number }>('GET', '/mail');
  await owner.call('PATCH', '/mail', form, { 'If-Match': `"${version}"` });
}

/** What the newest mail to somebody says, once there are so many; as it was written. */
export async function newestMail(address: string, count = 1): Promise<string> {
  await expect.poll(async () => (await mails(address)).length, { timeout: 20_000 }).toBe(count);
  const mail = ((await mails(address)).at(-1) ?? '').replaceAll('\r\n', '\n');
  const at = mail.indexOf('\n\n');
  const [head, body] = [mail.slice(0, at), mail.slice(at + 2)];
  if (/^content-transfer-encoding: base64$/im.test(head)) return Buffer.from(body, 'base64').toString();
  if (!/^content-transfer-encoding: quoted-printable$/im.test(head)) return body;
  const bytes = body
    .replaceAll('=\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  // What was not encoded is ASCII, so that every character is a byte.
  return Buffer.from(bytes, 'latin1').toString();
}
