import { ArgumentError } from '../../argument-check.ts';
import type { JsonValue } from '../../parameters.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { rsaPrivateKey, rsaSha256 } from './private-key.ts';

/** Signs claims as they are, nothing added. `HS256` takes text as the key, `RS256` a PKCS#8 private key in PEM. */
export function jwtGenerate(
  algorithm: string,
  key: string,
  claims: { [key: string]: JsonValue },
): string | Promise<string> {
  if (algorithm !== 'HS256' && algorithm !== 'RS256') {
    throw new ArgumentError('nk.jwtGenerate: algorithm must be HS256 or RS256');
  }
  const signed = `${encoded({ alg: algorithm, typ: 'JWT' })}.${encoded(claims)}`;
  if (algorithm === 'HS256') {
    return `${signed}.${nodeCrypto().createHmac('sha256', key).update(signed).digest('base64url')}`;
  }
  const signature = rsaSha256(signed, rsaPrivateKey(key, 'pkcs8'));
  return signature.then((bytes) => `${signed}.${bytes.toString('base64url')}`);
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
