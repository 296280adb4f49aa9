import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts values of marked fields. The key stays outside the database: who has a copy of the database alone reads nothing. */
export interface FieldCipher {
  seal(text: string): string;
  /** Throws when the text was sealed with another key or changed since. */
  open(sealed: string): string;
  /** The same for the same text in any record: finds an exact value without opening any. */
  fingerprint(text: string): string;
}

const mark = 'v1:';

/** @param secret the key of the installation, at least 32 characters; null: values cannot be sealed, and saying so is better than keeping them in the open */
export function createFieldCipher(secret: string | null): FieldCipher {
  const keys = secret === null ? null : { seal: derive(secret, 'seal'), print: derive(secret, 'fingerprint') };
  const need = () => {
    if (!keys) throw new Error('FIELD_KEY is not set: encrypted fields can be neither written nor read.');
    return keys;
  };
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', need().seal, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return mark + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed) {
      const whole = Buffer.from(sealed.slice(mark.length), 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', need().seal, whole.subarray(0, 12));
      decipher.setAuthTag(whole.subarray(12, 28));
      return Buffer.concat([decipher.update(whole.subarray(28)), decipher.final()]).toString('utf8');
    },
    fingerprint: (text) => createHmac('sha256', need().print).update(text.trim().toLowerCase().normalize('NFC')).digest('base64url'),
  };
}

const derive = (secret: string, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `centralita field ${purpose}`, 32));
