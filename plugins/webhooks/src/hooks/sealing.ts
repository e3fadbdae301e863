import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Keeps texts that must be read again, and by nobody but the sender. */
export interface Vault {
  seal(text: string, about: string): string;
  /** The text, or undefined where it was not sealed by this key for this. */
  open(sealed: string, about: string): string | undefined;
}

const algorithm = 'aes-256-gcm';
const [nonceLength, tagLength] = [12, 16];
const mark = 'v1.';

/** Makes the vault of a key of 32 bytes: AES-256-GCM with a new nonce each time; `about` is bound in. */
export function createVault(key: Buffer): Vault {
  return {
    seal(text, about) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagLength }).setAAD(Buffer.from(about));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return mark + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed.slice(mark.length), 'base64');
      if (!sealed.startsWith(mark) || bytes.length < nonceLength + tagLength) return undefined;
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceLength), { authTagLength: tagLength });
      decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
      const text = decipher.update(bytes.subarray(nonceLength + tagLength));
      try {
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
