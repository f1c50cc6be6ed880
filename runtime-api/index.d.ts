/**
 * Types for modules. Name this package's `runtime-api` in a tsconfig's `types`, and the namespace `nkruntime` is
 * there without an import, as in modules written for Nakama. Or import what you use:
 *
 *     import type { Context, Logger, Nakama } from 'nk-server/runtime-api';
 */
/// <reference path="./core.d.ts" />
/// <reference path="./config.d.ts" />
/// <reference path="./hooks.d.ts" />
/// <reference path="./accounts.d.ts" />
/// <reference path="./friends.d.ts" />
/// <reference path="./groups.d.ts" />
/// <reference path="./chat.d.ts" />
/// <reference path="./notifications.d.ts" />
/// <reference path="./streams.d.ts" />
/// <reference path="./matches.d.ts" />
/// <reference path="./matchmaker.d.ts" />
/// <reference path="./parties.d.ts" />
/// <reference path="./storage.d.ts" />
/// <reference path="./wallets.d.ts" />
/// <reference path="./leaderboards.d.ts" />
/// <reference path="./tournaments.d.ts" />
/// <reference path="./purchases.d.ts" />
/// <reference path="./utilities.d.ts" />
/// <reference path="./satori.d.ts" />

export = nkruntime;
