import { UsageError, UserError } from './user-error.ts';

/** Where a value came from. */
export interface Origin {
  readonly source: 'default' | 'file' | 'env' | 'flag';
  /** `game.yml:12`, `NK_SOCKET_PORT`, `--socket.port`; empty for a default. */
  readonly name: string;
}

export const defaultOrigin: Origin = { source: 'default', name: '' };

/** An error of the configuration that names its place. A wrong flag is wrong usage. */
export function originError(origin: Origin, text: string): UserError {
  const message = origin.name ? `${origin.name}: ${text}` : text;
  return origin.source === 'flag' ? new UsageError(message) : new UserError(message);
}
