import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { beginSession, requestedOptions } from '../authentication/index.ts';
import { callerOf, type OperationBinding, type OperationCall, operation } from '../feature.ts';
import type { SessionsService } from '../sessions/index.ts';
import { requireText } from './errors.ts';
import type { IdentityProvider } from './provider.ts';
import type { GameCenterCredentials } from './providers/game-center.ts';
import type { Providers } from './providers/index.ts';
import type { SocialService } from './service.ts';

/** Signing in by the accounts of other companies. */
export function signInOperations(
  social: SocialService,
  providers: Providers,
  sessions: SessionsService,
): OperationBinding[] {
  const { apple, facebook, facebookInstantGames, gameCenter, google, steam } = providers;

  return [
    operation(Nakama.method.authenticateApple, async (request, call) => {
      const { account } = request;
      const signedIn = await social.signIn(apple, account?.token ?? '', requestedOptions(request));
      return beginSession(sessions, call, signedIn, account?.vars);
    }),

    operation(Nakama.method.authenticateFacebook, async (request, call) => {
      const { account, sync = false } = request;
      const signedIn = await social.signInWithFriends(facebook, account?.token ?? '', {
        ...requestedOptions(request),
        importFriends: sync,
      });
      return beginSession(sessions, call, signedIn, account?.vars);
    }),

    operation(Nakama.method.authenticateFacebookInstantGame, async (request, call) => {
      const { account } = request;
      const info = account?.signedPlayerInfo ?? '';
      const signedIn = await social.signIn(facebookInstantGames, info, requestedOptions(request));
      return beginSession(sessions, call, signedIn, account?.vars);
    }),

    operation(Nakama.method.authenticateGameCenter, async (request, call) => {
      const { account } = request;
      const signedIn = await social.signIn(gameCenter, account ?? nothing, requestedOptions(request));
      return beginSession(sessions, call, signedIn, account?.vars);
    }),

    operation(Nakama.method.authenticateGoogle, async (request, call) => {
      const { account } = request;
      const signedIn = await social.signIn(google, account?.token ?? '', requestedOptions(request));
      return beginSession(sessions, call, signedIn, account?.vars);
    }),

    operation(Nakama.method.authenticateSteam, async (request, call) => {
      const { account, sync = false } = request;
      const signedIn = await social.signInWithFriends(steam, account?.token ?? '', {
        ...requestedOptions(request),
        importFriends: sync,
      });
      return beginSession(sessions, call, signedIn, account?.vars);
    }),
  ];
}

/** Linking and unlinking of the accounts of other companies. */
export function linkOperations(social: SocialService, providers: Providers): OperationBinding[] {
  const { apple, facebook, facebookInstantGames, gameCenter, google, steam } = providers;
  const link = async <C>(provider: IdentityProvider<C>, credentials: C, call: OperationCall) => {
    await social.link(provider, callerOf(call).userId, credentials);
    return {};
  };
  const unlink = async <C>(provider: IdentityProvider<C>, credentials: C | undefined, call: OperationCall) => {
    await social.unlink(provider, callerOf(call).userId, credentials);
    return {};
  };

  return [
    operation(Nakama.method.linkApple, ({ token }, call) => link(apple, token, call)),

    operation(Nakama.method.linkFacebook, async ({ account, sync = true }, call) => {
      await social.linkWithFriends(facebook, callerOf(call), account?.token ?? '', sync);
      return {};
    }),

    operation(Nakama.method.linkFacebookInstantGame, ({ signedPlayerInfo }, call) =>
      link(facebookInstantGames, signedPlayerInfo, call),
    ),
    operation(Nakama.method.linkGameCenter, (request, call) => link(gameCenter, request, call)),
    operation(Nakama.method.linkGoogle, ({ token }, call) => link(google, token, call)),

    operation(Nakama.method.linkSteam, async ({ account, sync = true }, call) => {
      // Here, unlike in signing in, the reference looks at the ticket before its configuration.
      const ticket = account?.token ?? '';
      requireText(ticket, 'a Steam session ticket');
      await social.linkWithFriends(steam, callerOf(call), ticket, sync);
      return {};
    }),

    operation(Nakama.method.unlinkApple, ({ token }, call) => unlink(apple, token || undefined, call)),
    operation(Nakama.method.unlinkFacebook, ({ token }, call) => unlink(facebook, token || undefined, call)),
    operation(Nakama.method.unlinkFacebookInstantGame, ({ signedPlayerInfo }, call) =>
      unlink(facebookInstantGames, signedPlayerInfo || undefined, call),
    ),
    operation(Nakama.method.unlinkGameCenter, (request, call) => unlink(gameCenter, ifWhole(request), call)),
    operation(Nakama.method.unlinkGoogle, ({ token }, call) => unlink(google, token || undefined, call)),
    operation(Nakama.method.unlinkSteam, ({ token }, call) => unlink(steam, token || undefined, call)),
  ];
}

/** Credentials of Game Center count only when all of them are there. */
export function ifWhole(credentials: GameCenterCredentials): GameCenterCredentials | undefined {
  const { playerId, bundleId, timestampSeconds, salt, signature, publicKeyUrl } = credentials;
  const texts = [playerId, bundleId, salt, signature, publicKeyUrl];
  return timestampSeconds !== 0n && texts.every((text) => text !== '') ? credentials : undefined;
}

const nothing: GameCenterCredentials = {
  playerId: '',
  bundleId: '',
  timestampSeconds: 0n,
  salt: '',
  signature: '',
  publicKeyUrl: '',
};
