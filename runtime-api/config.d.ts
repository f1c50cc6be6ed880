/** What `initializer.getConfig()` returns. Names are those of the configuration file. */
declare namespace nkruntime {
  /** The server's configuration. It holds keys and secrets: do not log it or send it to clients. */
  interface Config {
    /** The node's name. */
    name: string;
    /** How long a stopping server waits for matches, in seconds; 0 does not wait. */
    shutdown_grace_sec: number;
    logger: ConfigLogger;
    session: ConfigSession;
    socket: ConfigSocket;
    social: ConfigSocial;
    runtime: ConfigRuntime;
    iap: ConfigIAP;
    google_auth: ConfigGoogleAuth;
    satori: ConfigSatori;
  }

  /** Settings of the server's log. */
  interface ConfigLogger {
    /** The least important level that is written: `debug`, `info`, `warn` or `error`. */
    level: string;
  }

  /** Settings of session tokens. */
  interface ConfigSession {
    /** Signs session tokens. */
    encryption_key: string;
    /** Lifetime of a session token, in seconds; 60 by default. */
    token_expiry_sec: number;
    /** Signs refresh tokens. */
    refresh_encryption_key: string;
    /** Lifetime of a refresh token, in seconds; 3600 by default. */
    refresh_token_expiry_sec: number;
    /** A new connection of a user ends the older ones. */
    single_socket: boolean;
    /** A user is in one match at a time: joining another leaves the one before. Needs `single_socket`. */
    single_match: boolean;
    /** A user is in one party at a time: joining another leaves the one before. Needs `single_socket`. */
    single_party: boolean;
    /** Signing in ends the user's other sessions. */
    single_session: boolean;
  }

  /** Settings of the client-facing port. */
  interface ConfigSocket {
    /** What clients prove themselves with when they sign in. */
    server_key: string;
    /** The port for HTTP and sockets. */
    port: number;
    /** The address that the server listens on; empty for all. */
    address: string;
    /** The network protocol, `tcp` by default. */
    protocol: string;
  }

  /** Settings of the social sign-in providers. */
  interface ConfigSocial {
    steam: ConfigSteam;
    facebookInstantGame: ConfigFacebookInstantGame;
    facebookLimitedLogin: ConfigFacebookLimitedLogin;
    apple: ConfigApple;
  }

  /** Steam's keys. */
  interface ConfigSteam {
    /** The publisher's Web API key. */
    publisher_key: string;
    /** The game's id at Steam. */
    app_id: number;
  }

  /** Facebook Instant Games' keys. */
  interface ConfigFacebookInstantGame {
    /** Verifies signed player information. */
    app_secret: string;
  }

  /** Facebook Limited Login. */
  interface ConfigFacebookLimitedLogin {
    /** The game's id at Facebook. */
    app_id: string;
  }

  /** Sign in with Apple. */
  interface ConfigApple {
    /** The app's bundle id, which tokens must be made for. */
    bundle_id: string;
  }

  /** What modules get from the configuration. */
  interface ConfigRuntime {
    /** A list of `KEY=VALUE`; as an object in {@link Context.env}. */
    env: string[];
    /** Lets other servers call RPCs without a user. */
    http_key: string;
  }

  /** Keys of the stores whose receipts are validated. */
  interface ConfigIAP {
    apple: ConfigIAPApple;
    google: ConfigIAPGoogle;
    huawei: ConfigIAPHuawei;
    facebook_instant: ConfigIAPFacebookInstant;
  }

  /** App Store. */
  interface ConfigIAPApple {
    /** The app's shared secret. */
    shared_password: string;
    /** The last part of the path that App Store notifications are sent to. */
    notifications_endpoint_id: string;
  }

  /** Google Play. */
  interface ConfigIAPGoogle {
    /** The service account's address. */
    client_email: string;
    /** The service account's key. */
    private_key: string;
    /** The last part of the path that Google's notifications are sent to. */
    notifications_endpoint_id: string;
    /** How often refunds are looked for, in minutes. */
    refund_check_period_min: number;
    /** The app's package. */
    package_name: string;
  }

  /** Huawei AppGallery. */
  interface ConfigIAPHuawei {
    /** Verifies purchase signatures. */
    public_key: string;
    /** The app's client id. */
    client_id: string;
    /** The app's client secret. */
    client_secret: string;
  }

  /** Facebook Instant Games purchases. */
  interface ConfigIAPFacebookInstant {
    /** Verifies signed requests. */
    public_key: string;
    /** The app's client id. */
    client_id: string;
    /** The app's client secret. */
    client_secret: string;
  }

  /** Sign-in with Google. */
  interface ConfigGoogleAuth {
    /** The OAuth client credentials, as the text of a JSON document. */
    credentials_json: string;
  }

  /** The connection to Satori; see `nk.getSatori()`. */
  interface ConfigSatori {
    /** Address of the Satori server. */
    url: string;
    /** Name of the API key. */
    api_key_name: string;
    /** The API key. */
    api_key: string;
    /** Signs the sessions that are made for players. */
    signing_key: string;
  }
}
