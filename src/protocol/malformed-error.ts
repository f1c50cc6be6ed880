/** Input that is no message: bad JSON, an unknown field where none may be, a value of the wrong type. */
export class MalformedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MalformedError';
  }
}
