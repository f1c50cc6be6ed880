/**
 * An npm package in a module: valibot checks what clients send, so that the function below it only sees what it
 * expects. Packages of pure JavaScript are imported as anywhere else and bundled when the server starts.
 */
import * as v from 'valibot';

const Purchase = v.object({
  item: v.picklist(['shield', 'potion', 'map']),
  amount: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(99)),
});

const prices = { shield: 30, potion: 5, map: 12 } as const;

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerRpc('purchase_price', price);
}

/** `{ item, amount }`: what it costs. A wrong request is answered with what is wrong about it. */
function price(_ctx: nkruntime.Context, _logger: nkruntime.Logger, _nk: nkruntime.Nakama, payload: string): string {
  const request = v.safeParse(Purchase, JSON.parse(payload || '{}'));
  if (!request.success) {
    const refusal: nkruntime.Error = {
      message: request.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`).join('; '),
      code: nkruntime.Codes.INVALID_ARGUMENT,
    };
    throw refusal;
  }
  const { item, amount } = request.output;
  return JSON.stringify({ gold: prices[item] * amount });
}
