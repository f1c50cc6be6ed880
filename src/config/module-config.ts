import type { Config } from './config.ts';

/** What `initializer.getConfig()` gives modules, by the names of the reference's types. A new, plain object each time. */
export function configForModules(config: Config) {
  const { name, shutdown_grace_sec, logger, session, socket, social, runtime, iap, google_auth, satori } = config;
  return {
    name,
    shutdown_grace_sec,
    logger: { level: logger.level },
    session: { ...session },
    socket: {
      server_key: socket.server_key,
      port: socket.port,
      address: socket.address,
      protocol: socket.protocol,
    },
    social: {
      steam: { ...social.steam },
      facebookInstantGame: { ...social.facebook_instant_game },
      facebookLimitedLogin: { ...social.facebook_limited_login },
      apple: { ...social.apple },
    },
    runtime: { env: [...runtime.env], http_key: runtime.http_key },
    iap: {
      apple: { ...iap.apple },
      google: { ...iap.google },
      huawei: { ...iap.huawei },
      facebook_instant: { ...iap.facebook_instant },
    },
    google_auth: { ...google_auth },
    satori: {
      url: satori.url,
      api_key_name: satori.api_key_name,
      api_key: satori.api_key,
      signing_key: satori.signing_key,
    },
  };
}
