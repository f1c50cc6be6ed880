/** Tells the server what this game does. It runs when the server starts and whenever a file is saved. */
export function InitModule(
  _ctx: nkruntime.Context,
  logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerRpc('hello', hello);
  initializer.registerBeforeUpdateAccount(tidyDisplayName);
  logger.info('{{name}} is ready');
}

/** Clients call it as the RPC `hello`; a request and an answer are text, by custom JSON. */
function hello(ctx: nkruntime.Context, _logger: nkruntime.Logger, _nk: nkruntime.Nakama, payload: string): string {
  const { greeting = 'Hello' } = payload === '' ? {} : (JSON.parse(payload) as { greeting?: string });
  return JSON.stringify({ message: `${greeting}, ${ctx.username ?? 'stranger'}!` });
}

const longestDisplayName = 20;

/** Runs before a player changes their profile: what it returns is what is saved, what it throws is their answer. */
function tidyDisplayName(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  change: nkruntime.UserUpdateAccount,
): nkruntime.UserUpdateAccount {
  if (!change.displayName) return change;
  const displayName = change.displayName.trim().replace(/\s+/g, ' ');
  if (displayName.length > longestDisplayName) {
    const error: nkruntime.Error = {
      message: `a display name has at most ${longestDisplayName} letters`,
      code: nkruntime.Codes.INVALID_ARGUMENT,
    };
    throw error;
  }
  return { ...change, displayName };
}
