import { ArgumentError } from '../../runtime/argument-check.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { boolean, integer, optional, scalar, text, uuid } from '../../runtime/parameters.ts';
import { moduleOptions, withArgumentErrors } from '../authentication/index.ts';
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
      withArgumentErrors(social.signIn(apple, identityToken, moduleOptions(name, make))),
    ),

    moduleFunction(
      'authenticateFacebook',
      [token, importFriends, username, create],
      (_call, accessToken, withFriends = true, name, make) => {
        return withArgumentErrors(
          social.signInWithFriends(facebook, accessToken, { ...moduleOptions(name, make), importFriends: withFriends }),
        );
      },
    ),

    moduleFunction('authenticateFacebookInstantGame', [signedPlayerInfo, username, create], (_call, info, name, make) =>
      withArgumentErrors(social.signIn(facebookInstantGames, info, moduleOptions(name, make))),
    ),

    moduleFunction(
      'authenticateGameCenter',
      [...gameCenterProof, username, create],
      (_call, playerId, bundleId, ts, salt, signature, publicKeyUrl, name, make) =>
        withArgumentErrors(
          social.signIn(
            gameCenter,
            { playerId, bundleId, timestampSeconds: BigInt(ts), salt, signature, publicKeyUrl },
            moduleOptions(name, make),
          ),
        ),
    ),

    moduleFunction('authenticateGoogle', [token, username, create], (_call, idToken, name, make) =>
      withArgumentErrors(social.signIn(google, idToken, moduleOptions(name, make))),
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
        return withArgumentErrors(
          social.signInWithFriends(steam, ticket, {
            ...moduleOptions(given.username, given.create),
            importFriends: given.importFriends,
          }),
        );
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
        return social.linkWithFriends(facebook, { userId, username: name }, accessToken, withFriends);
      },
    ),

    moduleFunction('linkFacebookInstantGame', [user, signedPlayerInfo], (_call, userId, info) =>
      social.link(facebookInstantGames, userId, info),
    ),

    moduleFunction(
      'linkGameCenter',
      [user, ...gameCenterProof],
      (_call, userId, playerId, bundleId, ts, salt, signature, publicKeyUrl) =>
        withArgumentErrors(
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
        return social.linkWithFriends(steam, { userId, username: name }, ticket, withFriends);
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
