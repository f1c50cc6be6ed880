/** A failure of an nk function while it works. The name is the one that modules written for the reference test for. */
export class GoError extends Error {}

// By hand, since bundling may rename the class.
Object.defineProperty(GoError, 'name', { value: 'GoError', configurable: true });
Object.defineProperty(GoError.prototype, 'name', { value: 'GoError', writable: true, configurable: true });
