/** What went wrong, as a stable word that code may branch on. Messages are for people and may change. */
export type ErrorCode =
  | 'unknown-column'
  | 'duplicate-column'
  | 'wrong-type'
  | 'wrong-schema'
  | 'wrong-length'
  | 'invalid-option'
  | 'invalid-value'
  | 'empty-input'
  | 'one-class'
  | 'all-null'
  | 'output-taken'
  | 'label-as-feature'
  | 'horizon-mismatch'
  | 'unknown-kind'
  | 'invalid-model'
  | 'invalid-job'
  | 'corrupt-input'
  | 'foreign-format'
  | 'aborted';

/** Unusable input. The message names the place and the remedy; `code` is stable. */
export class ClienteleError extends Error {
  override readonly name = 'ClienteleError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Stops with a {@link ClienteleError}; an expression, so it can stand behind `??`. */
export function fail(code: ErrorCode, message: string): never {
  throw new ClienteleError(code, message);
}
