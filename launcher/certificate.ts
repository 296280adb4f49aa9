import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { ownAddresses } from '../asterisk-config/install/render.ts';
import { ensureFolder } from './folders.ts';

const dayMs = 86_400_000;

/** Files of a certificate and its private key, PEM. */
export interface CertificateFiles {
  certificateFile: string;
  keyFile: string;
}

/**
 * The certificate of this machine: the kept one while it names every address and is not about to end, else a new one. Browsers warn of it
 * once, because nobody vouches for it; `--cert` and `--key` bring one of your own.
 */
export async function ownCertificate(folder: string, address: string): Promise<CertificateFiles> {
  const files = { certificateFile: join(ensureFolder(folder), 'certificate.pem'), keyFile: join(folder, 'certificate-key.pem') };
  const addresses = [...new Set([address, ...ownAddresses(), '127.0.0.1'])];
  if (existsSync(files.certificateFile) && existsSync(files.keyFile) && stillGood(readFileSync(files.certificateFile), addresses))
    return files;
  const made = await generate([{ name: 'commonName', value: 'Centralita' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // Browsers of Apple refuse anything that lasts longer.
    notAfterDate: new Date(Date.now() + 820 * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
          ...['localhost', hostname()].map((value) => ({ type: 2 as const, value })),
        ],
      },
    ],
  });
  writeFileSync(files.keyFile, made.private, { mode: 0o600 });
  writeFileSync(files.certificateFile, made.cert);
  return files;
}

function stillGood(pem: Buffer, addresses: readonly string[]): boolean {
  const certificate = new X509Certificate(pem);
  return (
    Date.parse(certificate.validTo) - Date.now() > 30 * dayMs && addresses.every((address) => certificate.checkIP(address) !== undefined)
  );
}
