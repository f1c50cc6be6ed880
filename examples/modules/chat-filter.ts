/**
 * A chat filter. Mild words are masked and the message goes on; what nobody should read is refused, and the sender
 * is told why. Edits of messages go through the same filter.
 */

const maskedWords = ['darn', 'heck', 'blast'];
const refusedWords = ['slur', 'doxx'];

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerRtBefore('ChannelMessageSend', (ctx, logger, _nk, envelope) => {
    const message = envelope.channelMessageSend;
    message.content = filtered(message.content, ctx, logger);
    return envelope;
  });
  initializer.registerRtBefore('ChannelMessageUpdate', (ctx, logger, _nk, envelope) => {
    const message = envelope.channelMessageUpdate;
    message.content = filtered(message.content, ctx, logger);
    return envelope;
  });
}

/** The content of a message is the text of a JSON object: every text in it is filtered, however deep. */
function filtered(content: string, ctx: nkruntime.Context, logger: nkruntime.Logger): string {
  return JSON.stringify(
    JSON.parse(content, (_key, value: unknown) => {
      if (typeof value !== 'string') return value;
      if (contains(value, refusedWords)) {
        logger.warn('refused a message of %s', ctx.username);
        const refusal: nkruntime.Error = { message: 'mind your language', code: nkruntime.Codes.INVALID_ARGUMENT };
        throw refusal;
      }
      return masked(value);
    }),
  );
}

function contains(text: string, words: readonly string[]): boolean {
  return words.some((word) => wholeWord(word).test(text));
}

function masked(text: string): string {
  return maskedWords.reduce((rest, word) => rest.replace(wholeWord(word), (found) => '*'.repeat(found.length)), text);
}

function wholeWord(word: string): RegExp {
  return new RegExp(`\\b${word}\\b`, 'gi');
}
