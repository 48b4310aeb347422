// Real mail servers, where scripts/servers.sh has started some: mailboxes to look into, and a way to write to them from outside.
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

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
