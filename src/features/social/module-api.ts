import { Status, StatusError } from '../../protocol/status.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { ArgumentError, boolean, integer, optional, scalar, text, uuid } from '../../runtime/parameters.ts';
import type { SignInOptions } from '../authentication/index.ts';
import { ifWhole } from './operations.ts';
import type { Providers } from './providers/index.ts';
import type { SocialService } from './service.ts';

const user = ['userId', uuid()] as const;
const ownersName = ['username', text({ minLength: 1 })] as const;
const username = ['username', optional(text())] as const;
const create = ['create', optional(boolean())] as const;
const importFriends = ['importFriends', optional(boolean())] as const;
const token = ['token', text({ minLength: 1 })] as const;
const maybeToken = ['token', optional(text())] as const;
const signedPlayerInfo = ['signedPlayerInfo', text({ minLength: 1 })] as const;

const gameCenterProof = [
  ['playerId', text({ minLength: 1 })],
  ['bundleId', text({ minLength: 1 })],
  ['ts', integer()],
  ['salt', text({ minLength: 1 })],
  ['signature', text({ minLength: 1 })],
  ['publicKeyURL', text({ minLength: 1 })],
] as const;

/** `nk.authenticate*` by the accounts of other companies. */
export function signInFunctions(social: SocialService, providers: Providers): ModuleFunction[] {
  const { apple, facebook, facebookInstantGames, gameCenter, google, steam } = providers;
  return [
    // That it is not configured is told before anything about the token.
    moduleFunction('authenticateApple', [['token', text()], username, create], (_call, identityToken, name, make) =>
      checked(social.signIn(apple, identityToken, optionsOf(name, make))),
    ),

    moduleFunction(
      'authenticateFacebook',
      [token, importFriends, username, create],
      (_call, accessToken, withFriends = true, name, make) => {
        const from = { provider: facebook, service: 'facebook', importFriends: withFriends } as const;
        return checked(social.signInWithFriends(from, accessToken, optionsOf(name, make)));
      },
    ),

    moduleFunction('authenticateFacebookInstantGame', [signedPlayerInfo, username, create], (_call, info, name, make) =>
      checked(social.signIn(facebookInstantGames, info, optionsOf(name, make))),
    ),

    moduleFunction(
      'authenticateGameCenter',
      [...gameCenterProof, username, create],
      (_call, playerId, bundleId, ts, salt, signature, publicKeyUrl, name, make) =>
        checked(
          social.signIn(
            gameCenter,
            { playerId, bundleId, timestampSeconds: BigInt(ts), salt, signature, publicKeyUrl },
            optionsOf(name, make),
          ),
        ),
    ),

    moduleFunction('authenticateGoogle', [token, username, create], (_call, idToken, name, make) =>
      checked(social.signIn(google, idToken, optionsOf(name, make))),
    ),

    moduleFunction(
      'authenticateSteam',
      [
        ['token', text()],
        ['importFriendsOrUsername', optional(scalar())],
        ['usernameOrCreate', optional(scalar())],
        create,
      ],
      (_call, ticket, second, third, fourth) => {
        const given = steamArguments(second, third, fourth);
        const from = { provider: steam, service: 'steam', importFriends: given.importFriends } as const;
        return checked(social.signInWithFriends(from, ticket, optionsOf(given.username, given.create)));
      },
    ),
  ];
}

/** `nk.link*` and `nk.unlink*` of the accounts of other companies. */
export function linkFunctions(social: SocialService, providers: Providers): ModuleFunction[] {
  const { apple, facebook, facebookInstantGames, gameCenter, google, steam } = providers;
  return [
    moduleFunction('linkApple', [user, token], (_call, userId, identityToken) =>
      social.link(apple, userId, identityToken),
    ),

    moduleFunction(
      'linkFacebook',
      [user, ownersName, token, importFriends],
      (_call, userId, name, accessToken, withFriends = true) => {
        const from = { provider: facebook, service: 'facebook', importFriends: withFriends } as const;
        return social.linkWithFriends(from, { userId, username: name }, accessToken);
      },
    ),

    moduleFunction('linkFacebookInstantGame', [user, signedPlayerInfo], (_call, userId, info) =>
      social.link(facebookInstantGames, userId, info),
    ),

    moduleFunction(
      'linkGameCenter',
      [user, ...gameCenterProof],
      (_call, userId, playerId, bundleId, ts, salt, signature, publicKeyUrl) =>
        checked(
          social.link(gameCenter, userId, {
            playerId,
            bundleId,
            timestampSeconds: BigInt(ts),
            salt,
            signature,
            publicKeyUrl,
          }),
        ),
    ),

    moduleFunction('linkGoogle', [user, token], (_call, userId, idToken) => social.link(google, userId, idToken)),

    moduleFunction(
      'linkSteam',
      [user, ownersName, token, importFriends],
      (_call, userId, name, ticket, withFriends = true) => {
        const from = { provider: steam, service: 'steam', importFriends: withFriends } as const;
        return social.linkWithFriends(from, { userId, username: name }, ticket);
      },
    ),

    moduleFunction('unlinkApple', [user, maybeToken], (_call, userId, identityToken) =>
      social.unlink(apple, userId, identityToken || undefined),
    ),
    moduleFunction('unlinkFacebook', [user, maybeToken], (_call, userId, accessToken) =>
      social.unlink(facebook, userId, accessToken || undefined),
    ),
    moduleFunction('unlinkFacebookInstantGame', [user, ['signedPlayerInfo', optional(text())]], (_call, userId, info) =>
      social.unlink(facebookInstantGames, userId, info || undefined),
    ),

    moduleFunction(
      'unlinkGameCenter',
      [
        user,
        ['playerId', optional(text())],
        ['bundleId', optional(text())],
        ['ts', optional(integer())],
        ['salt', optional(text())],
        ['signature', optional(text())],
        ['publicKeyURL', optional(text())],
      ],
      (_call, userId, playerId = '', bundleId = '', ts = 0, salt = '', signature = '', publicKeyUrl = '') => {
        const proof = { playerId, bundleId, timestampSeconds: BigInt(ts), salt, signature, publicKeyUrl };
        return social.unlink(gameCenter, userId, ifWhole(proof));
      },
    ),

    moduleFunction('unlinkGoogle', [user, maybeToken], (_call, userId, idToken) =>
      social.unlink(google, userId, idToken || undefined),
    ),
    moduleFunction('unlinkSteam', [user, maybeToken], (_call, userId, ticket) =>
      social.unlink(steam, userId, ticket || undefined),
    ),
  ];
}

type Scalar = string | number | boolean | undefined;

/**
 * The declared types know `(token, username, create)`, the reference's runtime
 * `(token, importFriends, username, create)`; both are understood.
 */
function steamArguments(second: Scalar, third: Scalar, fourth: boolean | undefined) {
  const isShort = typeof second === 'string' || (second === undefined && typeof third === 'boolean');
  const [withFriends, name, make] = isShort ? [undefined, second, third] : [second, third, fourth];
  if (withFriends !== undefined && typeof withFriends !== 'boolean') throw wrong('importFriends', 'true or false');
  if (name !== undefined && typeof name !== 'string') throw wrong('username', 'text');
  if (make !== undefined && typeof make !== 'boolean') throw wrong('create', 'true or false');
  return { importFriends: withFriends ?? true, username: name, create: make };
}

function wrong(parameter: string, expected: string): ArgumentError {
  return new ArgumentError(`nk.authenticateSteam: ${parameter} must be ${expected}`);
}

/** Formats that a client would be told of are the module's own arguments here. */
async function checked<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (error instanceof StatusError && error.code === Status.INVALID_ARGUMENT) throw new ArgumentError(error.message);
    throw error;
  }
}

function optionsOf(name: string | undefined, make: boolean | undefined): SignInOptions {
  return { username: name ?? '', create: make ?? true };
}
