let rpcReward: nkruntime.RpcFunction = function (ctx, logger, nk, payload) {
  if (!ctx.userId) throw Error('who are you?');
  const read: nkruntime.StorageReadRequest = { collection: 'reward', key: 'daily', userId: ctx.userId };
  const objects = nk.storageRead([read]);
  const daily = objects.length > 0 ? objects[0].value : { claimed: 0 };
  const now = Math.floor(Date.now() / 1000);
  if (nk.cronPrev('0 0 * * *', now) <= daily.claimed) return JSON.stringify({ coins: 0 });

  const write: nkruntime.StorageWriteRequest = {
    collection: 'reward',
    key: 'daily',
    userId: ctx.userId,
    value: { claimed: now },
    permissionRead: 1,
    permissionWrite: 0,
  };
  if (objects.length > 0) write.version = objects[0].version;
  try {
    nk.multiUpdate(null, [write], null, [{ userId: ctx.userId, changeset: { coins: 500 } }], true);
  } catch (error) {
    logger.error('reward: %q', error);
    throw error;
  }
  return JSON.stringify({ coins: 500 });
};

function rpcFindGame(
  ctx: nkruntime.Context,
  logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  payload: string,
): string | void {
  const mode = payload ? JSON.parse(payload).mode : 'casual';
  let matches: nkruntime.Match[] = [];
  try {
    matches = nk.matchList(10, true, null, null, 1, `+label.open:T +label.mode:${mode}`);
  } catch (error) {
    logger.warn('no list', error);
    return;
  }
  if (matches.length > 0) return JSON.stringify({ matchIds: matches.map((match) => match.matchId) });

  const account = nk.accountGetId(ctx.userId!);
  const friends = nk.friendsList(ctx.userId!, 100, 0).friends ?? [];
  const groups = nk.userGroupsList(ctx.userId!, 10, nkruntime.GroupUserState.Member);
  const channel = nk.channelIdBuild(undefined, 'lobby', nkruntime.ChanType.Room);
  nk.channelMessageSend(channel, { text: `${account.user.username} looks for a game` }, nkruntime.SystemUserId);
  const answer: nkruntime.HttpResponse = nk.httpRequest('https://example.org', 'post', { Accept: '*/*' }, '{}');
  const rows: nkruntime.SqlQueryResult = nk.sqlQuery('SELECT 1 AS one WHERE $1', [true]);
  logger.info(
    '%d %d %v %s',
    friends.length,
    groups.userGroups?.length ?? 0,
    rows[0]['one'],
    answer.headers['Date']?.[0],
  );
  nk.streamSend({ mode: 123, label: 'looking' }, 'one more', null);
  return JSON.stringify({ matchIds: [nk.matchCreate('tic-tac-toe', { mode })] });
}
