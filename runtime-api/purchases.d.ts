/** Purchases and subscriptions: validation of store receipts and what was validated before. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Validates an App Store receipt for a user.
     * @param receipt Base64, as the store gives it.
     * @param persist Keeps the purchases, so that {@link ValidatedPurchase.seenBefore} can tell a replay; true by
     *   default.
     * @param passwordOverride Instead of the configured shared password.
     * @throws GoError when the store refuses the receipt or cannot be asked. Likewise for the other stores.
     */
    purchaseValidateApple(
      userID: string,
      receipt: string,
      persist?: boolean,
      passwordOverride?: string,
    ): ValidatePurchaseResponse;

    /**
     * Validates a Google Play purchase for a user.
     * @param purchase The purchase's JSON text as the store gives it.
     * @param persist Keeps the purchase; true by default.
     * @param clientEmailOverride Instead of the configured service account, together with its key.
     */
    purchaseValidateGoogle(
      userID: string,
      purchase: string,
      persist?: boolean,
      clientEmailOverride?: string,
      privateKeyOverride?: string,
    ): ValidatePurchaseResponse;

    /**
     * Validates a Huawei AppGallery purchase for a user.
     * @param receipt The purchase's JSON text (`InAppPurchaseData`).
     * @param signature The store's signature of that text.
     * @param persist Keeps the purchase; true by default.
     */
    purchaseValidateHuawei(
      userID: string,
      receipt: string,
      signature: string,
      persist?: boolean,
    ): ValidatePurchaseResponse;

    /**
     * Validates a Facebook Instant Games purchase for a user.
     * @param signedRequest As the platform gives it.
     * @param persist Keeps the purchase; true by default.
     */
    purchaseValidateFacebookInstant(userID: string, signedRequest: string, persist?: boolean): ValidatePurchaseResponse;

    /**
     * A purchase that was validated and kept.
     * @throws GoError when there is none.
     */
    purchaseGetByTransactionId(transactionID: string): ValidatedPurchase;

    /**
     * Purchases that were validated and kept, of a user or, without one, of everybody.
     * @param limit 1 to 100; 100 by default.
     * @throws GoError for a bad cursor.
     */
    purchasesList(userID?: string, limit?: number, cursor?: string): ValidatedPurchaseList;

    /**
     * Validates an App Store receipt with a subscription for a user.
     * @param receipt Base64, as the store gives it.
     * @param persist Keeps the subscription; true by default.
     * @param passwordOverride Instead of the configured shared password.
     */
    subscriptionValidateApple(
      userID: string,
      receipt: string,
      persist?: boolean,
      passwordOverride?: string,
    ): ValidateSubscriptionResponse;

    /**
     * Validates a Google Play subscription for a user.
     * @param subscription The subscription's JSON text as the store gives it.
     * @param persist Keeps the subscription; true by default.
     * @param clientEmailOverride Instead of the configured service account, together with its key.
     */
    subscriptionValidateGoogle(
      userID: string,
      subscription: string,
      persist?: boolean,
      clientEmailOverride?: string,
      privateKeyOverride?: string,
    ): ValidateSubscriptionResponse;

    /**
     * A user's validated subscription to a product.
     * @throws GoError when there is none.
     */
    subscriptionGetByProductId(userID: string, productID: string): ValidatedSubscription;
  }

  interface Initializer {
    /** Runs when Apple reports a change of a purchase. */
    registerPurchaseNotificationApple(fn: PurchaseNotificationAppleFunction): void;

    /** Runs when Apple reports a change of a subscription. */
    registerSubscriptionNotificationApple(fn: SubscriptionNotificationAppleFunction): void;

    /** Runs when Google reports a change of a purchase. */
    registerPurchaseNotificationGoogle(fn: PurchaseNotificationGoogleFunction): void;

    /** Runs when Google reports a change of a subscription. */
    registerSubscriptionNotificationGoogle(fn: SubscriptionNotificationGoogleFunction): void;

    /**
     * Runs before a client has an App Store purchase validated, whether or not that will be allowed
     * (`ValidatePurchaseApple`).
     */
    registerBeforeValidatePurchaseApple(fn: BeforeHookFunction<ValidatePurchaseAppleRequest>): void;

    /** Runs after a client has an App Store purchase validated, once it has succeeded (`ValidatePurchaseApple`). */
    registerAfterValidatePurchaseApple(
      fn: AfterHookFunction<ValidatePurchaseResponse, ValidatePurchaseAppleRequest>,
    ): void;

    /**
     * Runs before a client has an App Store subscription validated, whether or not that will be allowed
     * (`ValidateSubscriptionApple`).
     */
    registerBeforeValidateSubscriptionApple(fn: BeforeHookFunction<ValidateSubscriptionAppleRequest>): void;

    /**
     * Runs after a client has an App Store subscription validated, once it has succeeded
     * (`ValidateSubscriptionApple`).
     */
    registerAfterValidateSubscriptionApple(
      fn: AfterHookFunction<ValidateSubscriptionResponse, ValidateSubscriptionAppleRequest>,
    ): void;

    /**
     * Runs before a client has a Google Play purchase validated, whether or not that will be allowed
     * (`ValidatePurchaseGoogle`).
     */
    registerBeforeValidatePurchaseGoogle(fn: BeforeHookFunction<ValidatePurchaseGoogleRequest>): void;

    /** Runs after a client has a Google Play purchase validated, once it has succeeded (`ValidatePurchaseGoogle`). */
    registerAfterValidatePurchaseGoogle(
      fn: AfterHookFunction<ValidatePurchaseResponse, ValidatePurchaseGoogleRequest>,
    ): void;

    /**
     * Runs before a client has a Google Play subscription validated, whether or not that will be allowed
     * (`ValidateSubscriptionGoogle`).
     */
    registerBeforeValidateSubscriptionGoogle(fn: BeforeHookFunction<ValidateSubscriptionGoogleRequest>): void;

    /**
     * Runs after a client has a Google Play subscription validated, once it has succeeded
     * (`ValidateSubscriptionGoogle`).
     */
    registerAfterValidateSubscriptionGoogle(
      fn: AfterHookFunction<ValidateSubscriptionResponse, ValidateSubscriptionGoogleRequest>,
    ): void;

    /**
     * Runs before a client has a Huawei AppGallery purchase validated, whether or not that will be allowed
     * (`ValidatePurchaseHuawei`).
     */
    registerBeforeValidatePurchaseHuawei(fn: BeforeHookFunction<ValidatePurchaseHuaweiRequest>): void;

    /**
     * Runs after a client has a Huawei AppGallery purchase validated, once it has succeeded
     * (`ValidatePurchaseHuawei`).
     */
    registerAfterValidatePurchaseHuawei(
      fn: AfterHookFunction<ValidatePurchaseResponse, ValidatePurchaseHuaweiRequest>,
    ): void;

    /**
     * Runs before a client has a Facebook Instant Games purchase validated, whether or not that will be allowed
     * (`ValidatePurchaseFacebookInstant`). Not in Nakama's types.
     */
    registerBeforeValidatePurchaseFacebookInstant(fn: BeforeHookFunction<ValidatePurchaseFacebookInstantRequest>): void;

    /**
     * Runs after a client has a Facebook Instant Games purchase validated, once it has succeeded
     * (`ValidatePurchaseFacebookInstant`). Not in Nakama's types.
     */
    registerAfterValidatePurchaseFacebookInstant(
      fn: AfterHookFunction<ValidatePurchaseResponse, ValidatePurchaseFacebookInstantRequest>,
    ): void;

    /**
     * Runs before a client has a Samsung Galaxy Store purchase validated, whether or not that will be allowed
     * (`ValidatePurchaseSamsung`). Not in Nakama's types.
     */
    registerBeforeValidatePurchaseSamsung(fn: BeforeHookFunction<ValidatePurchaseSamsungRequest>): void;

    /**
     * Runs after a client has a Samsung Galaxy Store purchase validated, once it has succeeded
     * (`ValidatePurchaseSamsung`). Not in Nakama's types.
     */
    registerAfterValidatePurchaseSamsung(
      fn: AfterHookFunction<ValidatePurchaseResponse, ValidatePurchaseSamsungRequest>,
    ): void;

    /**
     * Runs before a client lists their subscriptions, whether or not that will be allowed (`ListSubscriptions`). Not
     * in Nakama's types.
     */
    registerBeforeListSubscriptions(fn: BeforeHookFunction<ListSubscriptionsRequest>): void;

    /**
     * Runs after a client lists their subscriptions, once it has succeeded (`ListSubscriptions`). Not in Nakama's
     * types.
     */
    registerAfterListSubscriptions(fn: AfterHookFunction<ValidatedSubscriptionList, ListSubscriptionsRequest>): void;

    /**
     * Runs before a client reads one of their subscriptions, whether or not that will be allowed (`GetSubscription`).
     * Not in Nakama's types.
     */
    registerBeforeGetSubscription(fn: BeforeHookFunction<GetSubscriptionRequest>): void;

    /**
     * Runs after a client reads one of their subscriptions, once it has succeeded (`GetSubscription`). Not in
     * Nakama's types.
     */
    registerAfterGetSubscription(fn: AfterHookFunction<ValidatedSubscription, GetSubscriptionRequest>): void;
  }

  /** Where a purchase was made. */
  type ValidatedPurchaseStore = 'APPLE_APP_STORE' | 'GOOGLE_PLAY_STORE' | 'HUAWEI_APP_GALLERY';

  /** Whether real money was involved. */
  type ValidatedPurchaseEnvironment = 'UNKNOWN' | 'SANDBOX' | 'PRODUCTION';

  /** A purchase that a store confirmed. Times are seconds since 1970. */
  interface ValidatedPurchase {
    userId: string;
    productId: string;
    transactionId: string;
    store: ValidatedPurchaseStore;
    purchaseTime: number;
    createTime: number;
    updateTime: number;
    /** 0 when it was not refunded. */
    refundTime: number;
    /** The store's answer as it came. */
    providerResponse: string;
    environment: ValidatedPurchaseEnvironment;
    /** Whether it had been validated before: then do not hand out goods again. */
    seenBefore: boolean;
  }

  /** A subscription that a store confirmed. */
  interface ValidatedSubscription {
    userId: string;
    productId: string;
    /** The first purchase; renewals keep it. */
    originalTransactionId: string;
    store: ValidatedPurchaseStore;
    purchaseTime: number;
    createTime: number;
    updateTime: number;
    /** 0 when it was not refunded. */
    refundTime: number;
    environment: ValidatedPurchaseEnvironment;
    /** When it ends. */
    expiryTime: string;
    /** Whether it is running now. */
    active: boolean;
    /** The store's answer as it came. */
    providerResponse: string;
    /** The store's latest notification as it came. */
    providerNotification: string;
  }

  /** What a receipt was worth. */
  interface ValidatePurchaseResponse {
    validatedPurchases?: ValidatedPurchase[];
  }

  /** What a receipt was worth. */
  interface ValidateSubscriptionResponse {
    validatedSubscription: ValidatedSubscription;
  }

  /** A page of purchases. */
  interface ValidatedPurchaseList {
    validatedPurchases?: ValidatedPurchase[];
    /** For the next page. */
    cursor?: string;
    /** For the page before. */
    prevCursor?: string;
  }

  /** A page of subscriptions. */
  interface ValidatedSubscriptionList {
    /** Never set: use `validatedSubscriptions`. Here because Nakama's types have it. */
    validatedSubscription?: ValidatedSubscription;
    /** For the next page. */
    cursor?: string;
    /** For the page before. */
    prevCursor?: string;
    /** What was found. Not in Nakama's types. */
    validatedSubscriptions?: ValidatedSubscription[];
  }

  /** An App Store receipt to validate. */
  interface ValidatePurchaseAppleRequest {
    receipt: string;
    /** Null for true. Not in Nakama's types; likewise in the other requests. */
    persist?: boolean;
  }

  /** An App Store receipt with a subscription to validate. */
  interface ValidateSubscriptionAppleRequest {
    receipt: string;
    /** Null for true. */
    persist?: boolean;
  }

  /** A Google Play purchase to validate. */
  interface ValidatePurchaseGoogleRequest {
    purchase: string;
    /** Null for true. */
    persist?: boolean;
  }

  /** A Google Play subscription to validate. */
  interface ValidateSubscriptionGoogleRequest {
    receipt: string;
    /** Null for true. */
    persist?: boolean;
  }

  /** A Huawei AppGallery purchase to validate. */
  interface ValidatePurchaseHuaweiRequest {
    purchase: string;
    signature: string;
    /** Null for true. */
    persist?: boolean;
  }

  /** A Facebook Instant Games purchase to validate. Not in Nakama's types. */
  interface ValidatePurchaseFacebookInstantRequest {
    signedRequest: string;
    /** Null for true. */
    persist?: boolean;
  }

  /** A Samsung Galaxy Store purchase to validate. Not in Nakama's types. */
  interface ValidatePurchaseSamsungRequest {
    /** The purchase's id, as the store gives it. */
    purchaseId: string;
    /** Null for true. */
    persist?: boolean;
  }

  /** Which subscriptions to list. Not in Nakama's types. */
  interface ListSubscriptionsRequest {
    /** 1 to 100; null for the default. */
    limit?: number;
    cursor?: string;
  }

  /** Which subscription to read. Not in Nakama's types. */
  interface GetSubscriptionRequest {
    productId: string;
  }

  /** Runs when Apple reports a change of a purchase (a refund, for example). It may be `async`. */
  interface PurchaseNotificationAppleFunction {
    (ctx: Context, logger: Logger, nk: Nakama, purchase: ValidatedPurchase, providerPayload: string): void;
  }

  /** Runs when Apple reports a change of a subscription. It may be `async`. */
  interface SubscriptionNotificationAppleFunction {
    (ctx: Context, logger: Logger, nk: Nakama, subscription: ValidatedSubscription, providerPayload: string): void;
  }

  /** Runs when Google reports a change of a purchase (a refund, for example). It may be `async`. */
  interface PurchaseNotificationGoogleFunction {
    (ctx: Context, logger: Logger, nk: Nakama, purchase: ValidatedPurchase, providerPayload: string): void;
  }

  /** Runs when Google reports a change of a subscription. It may be `async`. */
  interface SubscriptionNotificationGoogleFunction {
    (ctx: Context, logger: Logger, nk: Nakama, subscription: ValidatedSubscription, providerPayload: string): void;
  }
}
