// A certificate of our own for this machine's names, which browsers are told to take.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pair {
  certificate: string;
  key: string;
}

/** Two files, made by openssl. */
export function makePair(): Pair {
  const folder = mkdtempSync(join(tmpdir(), 'balcao-e2e-tls-'));
  const pair = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  const names = 'subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1';
  const files = ['-keyout', pair.key, '-out', pair.certificate];
  const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '7', '-subj', '/CN=localhost', '-addext', names];
  execFileSync('openssl', ['req', ...kind, ...files], { stdio: 'ignore' });
  return pair;
}

export const readPair = ({ certificate, key }: Pair): { cert: Buffer; key: Buffer } => ({
  cert: readFileSync(certificate),
  key: readFileSync(key),
});
