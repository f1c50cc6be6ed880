import { refused, requireConfigured, requireText, unavailable } from '../errors.ts';
import { listAt, textAt, valueAt } from '../json-fields.ts';
import type { FriendProvider, Profile } from '../provider.ts';
import { urlBelow, type WebClient } from '../web-client.ts';

/** Most friends that are taken from Steam's answer; its own limit is 2,000. */
const MAX_FRIENDS = 5000;
const UNAUTHORIZED = 401;

const steamIdForm = /^[1-9][0-9]{0,19}$/;

export interface SteamSettings {
  /** Empty: not configured. */
  readonly publisher_key: string;
  /** 0: not configured. */
  readonly app_id: number;
  readonly api_url: string;
}

/** Steam, by the session ticket of a client. Source of the calls: Steamworks, ISteamUserAuth and ISteamUser. */
export class SteamProvider implements FriendProvider<string> {
  readonly name = 'Steam';
  readonly column = 'steam_id';
  readonly friendService = 'steam';
  readonly #settings: SteamSettings;
  readonly #web: WebClient;

  constructor(settings: SteamSettings, web: WebClient) {
    this.#settings = settings;
    this.#web = web;
  }

  get isConfigured(): boolean {
    return this.#settings.publisher_key !== '' && this.#settings.app_id !== 0;
  }

  check(ticket: string): void {
    requireConfigured(this.name, this.isConfigured);
    requireText(ticket, 'a Steam session ticket');
  }

  async verify(ticket: string): Promise<Profile> {
    if (!this.isConfigured) {
      throw refused(this.name, new Error('social.steam.publisher_key or social.steam.app_id is not set'));
    }
    const { publisher_key: key, app_id: appId } = this.#settings;
    const answer = await this.#ask('/ISteamUserAuth/AuthenticateUserTicket/v1/', {
      format: 'json',
      key,
      appid: String(appId),
      ticket,
    });
    const code = valueAt(answer, 'response', 'error', 'errorcode');
    if (code !== undefined) throw refused(this.name, new Error(`error code ${String(code)}`));
    const id = textAt(answer, 'response', 'params', 'steamid');
    if (id === undefined || !steamIdForm.test(id)) throw refused(this.name, new Error('no Steam id'));
    return { id };
  }

  /** Nobody when the person keeps the list private. */
  async friendIds(_ticket: string, steamId: string): Promise<readonly string[]> {
    const url = urlBelow(this.#settings.api_url, '/ISteamUser/GetFriendList/v0001/', {
      key: this.#settings.publisher_key,
      steamid: steamId,
      relationship: 'friend',
    });
    const answer = await this.#web.send(url);
    if (answer.status === UNAUTHORIZED) return [];
    const json = this.#web.jsonOf(answer);
    // Spelt both ways, by the version of the interface.
    const friends = [...listAt(json, 'friendslist', 'friends'), ...listAt(json, 'friendsList', 'friends')];
    return friends.flatMap((friend) => textAt(friend, 'steamid') ?? []).slice(0, MAX_FRIENDS);
  }

  async #ask(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    const answer = await this.#web.getJson(urlBelow(this.#settings.api_url, path, query));
    if (valueAt(answer, 'response') === undefined) throw unavailable(this.name, new Error('no response in the answer'));
    return answer;
  }
}
