import { stop } from 'esbuild';

let users = 0;

/**
 * esbuild works in a child process of its own that lives until it is stopped. This keeps it for as long as somebody
 * uses it and stops it with the last, so that an idle production server has no such child.
 */
export async function withEsbuild<T>(use: () => Promise<T>): Promise<T> {
  const release = holdEsbuild();
  try {
    return await use();
  } finally {
    await release();
  }
}

/** Keeps esbuild's process until the returned function is called; calling it again does nothing. */
export function holdEsbuild(): () => Promise<void> {
  users++;
  let isHeld = true;
  return async () => {
    if (!isHeld) return;
    isHeld = false;
    users--;
    if (users === 0) await stop();
  };
}
