/** A failure of an nk function while it works. The name is the one that modules written for the reference test for. */
export class GoError extends Error {
  static {
    Object.defineProperty(GoError.prototype, 'name', { value: 'GoError', writable: true, configurable: true });
  }
}
