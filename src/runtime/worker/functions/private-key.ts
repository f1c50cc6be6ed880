import type { KeyObject } from 'node:crypto';
import { nodeCrypto } from '../node-crypto.ts';

/** How many keys are remembered: games sign with one or two, and reading one takes longer than signing. */
const MAX_KEYS = 16;
const keys = new Map<string, KeyObject>();

/** The containers of an RSA key, by the label of their PEM block. */
export type KeyContainer = 'pkcs1' | 'pkcs8';

/** Signs on a thread of the pool: a large key takes seconds, for which nobody else shall wait. */
export function rsaSha256(input: string, key: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    nodeCrypto().sign('RSA-SHA256', Buffer.from(input), key, (error, signature) =>
      error ? reject(error) : resolve(signature),
    );
  });
}

/**
 * Reads an RSA private key from PEM text. Whatever the block's label says, the bytes must be of the given container:
 * so the reference has it. @throws Error with a text for the module's author
 */
export function rsaPrivateKey(pem: string, container: KeyContainer): KeyObject {
  const id = `${container} ${pem}`;
  const known = keys.get(id);
  if (known) return known;
  const key = readKey(pem, container);
  if (keys.size >= MAX_KEYS) keys.delete(keys.keys().next().value!);
  keys.set(id, key);
  return key;
}

function readKey(pem: string, container: KeyContainer): KeyObject {
  const block = /-----BEGIN ([A-Z0-9 ]*)-----([A-Za-z0-9+/=\s]*)-----END \1-----/.exec(pem);
  if (!block) throw new Error('the key is not PEM text');
  const der = Buffer.from(block[2]!, 'base64');
  let key: KeyObject;
  try {
    if (isPkcs1(der) !== (container === 'pkcs1')) throw new Error('the other container');
    key = nodeCrypto().createPrivateKey({ key: der, format: 'der', type: container });
  } catch {
    throw new Error(
      `the key cannot be read: it must be an RSA private key in ${container === 'pkcs1' ? 'PKCS#1' : 'PKCS#8'} form`,
    );
  }
  if (key.asymmetricKeyType !== 'rsa') throw new Error('the key is not an RSA key');
  return key;
}

/**
 * Both forms are a SEQUENCE that begins with a version (an INTEGER of one byte); what follows is the modulus, an
 * INTEGER, in PKCS#1 (RFC 8017, A.1.2) and the algorithm, a SEQUENCE, in PKCS#8 (RFC 5208, 5). OpenSSL takes either for either.
 */
function isPkcs1(der: Buffer): boolean {
  const lengthByte = der[1] ?? 0;
  const version = lengthByte < 0x80 ? 2 : 2 + (lengthByte & 0x7f);
  return der[version + 3] === 0x02;
}
