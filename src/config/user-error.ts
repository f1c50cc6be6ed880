/** What the person at the terminal can put right: one line that says what is wrong and what to do. No stack is shown. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/** The command line itself is wrong: the process ends with 2 instead of 1. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}
