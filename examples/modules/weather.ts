/**
 * An async RPC that calls another server. While one player waits for the answer, the same isolate serves others: with
 * `nk.httpRequest` it would stand still. The address comes from the server's settings (`runtime.env`), for example
 * `WEATHER_URL=https://api.open-meteo.com/v1/forecast`.
 */

const timeoutMs = 3000;
const cacheSeconds = 600;

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerRpc('weather', weather);
}

/** `{ latitude, longitude }`: the weather there, at most ten minutes old. */
async function weather(
  ctx: nkruntime.Context,
  logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  payload: string,
): Promise<string> {
  const { latitude, longitude } = JSON.parse(payload) as { latitude: number; longitude: number };
  const base = ctx.env.WEATHER_URL;
  if (!base) throw failure('WEATHER_URL is not set', nkruntime.Codes.FAILED_PRECONDITION);

  const url = `${base}?latitude=${Number(latitude)}&longitude=${Number(longitude)}&current=temperature_2m`;
  const cached: string | undefined = nk.localcacheGet(url);
  if (cached !== undefined) return cached;

  const response = await nk.async.httpRequest(url, 'get', { Accept: 'application/json' }, null, timeoutMs);
  if (response.code !== 200) {
    logger.warn('the weather service answered %d', response.code);
    throw failure('no weather today', nkruntime.Codes.UNAVAILABLE);
  }
  nk.localcachePut(url, response.body, cacheSeconds);
  return response.body;
}

function failure(message: string, code: nkruntime.Codes): nkruntime.Error {
  return { message, code };
}
