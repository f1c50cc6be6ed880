import { compare, hash } from '@node-rs/bcrypt';

/**
 * Rounds as a power of two. Every round more doubles what a sign-in costs the server; 10 is what OWASP's password
 * storage page asks for at least. Hashes carry their own cost, so those of other servers are verified as they are.
 */
const COST = 10;

/** Hashes a password, on a thread of the pool: sockets go on being served. */
export async function hashPassword(password: string): Promise<Buffer> {
  return Buffer.from(await hash(password, { cost: COST }));
}

/** Compares a password with a stored hash, on a thread of the pool. False for an account without one. */
export async function isPassword(password: string, stored: Buffer | null): Promise<boolean> {
  if (!stored || stored.length === 0) return false;
  return compare(password, stored.toString());
}
