/** The gRPC status codes, which the protocol uses in every error. Source: grpc.io "Status codes". */
export const Status = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/**
 * The one error that reaches clients: a status code and a text written for them.
 * Whatever else is thrown is logged and answered as INTERNAL with a neutral text.
 */
export class StatusError extends Error {
  /** A gRPC status code; a module may throw numbers that are none, and they travel as they are. */
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StatusError';
    this.code = code;
  }
}

/** An error for bad input from a client. */
export function invalidArgument(message: string): StatusError {
  return new StatusError(Status.INVALID_ARGUMENT, message);
}

const httpStatusByCode: readonly number[] = [
  200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401,
];

/** The HTTP status that the reference answers for a code; 500 for a code that gRPC does not know. */
export function httpStatusOf(code: number): number {
  return httpStatusByCode[code] ?? 500;
}

/** Codes of the realtime `error` envelope. Source: the Error.Code enum of the realtime protocol. */
export const RealtimeErrorCode = {
  RUNTIME_EXCEPTION: 0,
  UNRECOGNIZED_PAYLOAD: 1,
  MISSING_PAYLOAD: 2,
  BAD_INPUT: 3,
  MATCH_NOT_FOUND: 4,
  MATCH_JOIN_REJECTED: 5,
  RUNTIME_FUNCTION_NOT_FOUND: 6,
  RUNTIME_FUNCTION_EXCEPTION: 7,
} as const;

/** An error answered to a socket message by an `error` envelope; the connection goes on. */
export class RealtimeError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'RealtimeError';
    this.code = code;
  }
}

/** Bad input in a socket message. */
export function badInput(message: string): RealtimeError {
  return new RealtimeError(RealtimeErrorCode.BAD_INPUT, message);
}
