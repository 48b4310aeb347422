// What a refused or failed request becomes: one error with everything the server said about it.
import type { ErrorBody, ErrorCode, FieldError } from './types';

/** `network` is ours: no answer came at all. */
export type FailureCode = ErrorCode | 'network';

export class ApiError extends Error {
  readonly status: number;
  readonly code: FailureCode;
  readonly fields: readonly FieldError[];
  readonly requestId: string | null;
  readonly detail: Record<string, unknown>;
  /** Seconds to wait before trying again, when the server named them. */
  readonly retryAfter: number | null;

  constructor(status: number, body: ErrorBody['error'] | null, retryAfter: number | null = null) {
    super(body?.message ?? '');
    this.name = 'ApiError';
    this.status = status;
    this.code = body?.code ?? codeForStatus(status);
    this.fields = body?.fields ?? [];
    this.requestId = body?.request_id ?? null;
    this.detail = (body?.detail ?? {}) as Record<string, unknown>;
    this.retryAfter = retryAfter;
  }

  /** True where the same request may succeed later without being changed. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  fieldMessage(field: string): string | null {
    return this.fields.find((one) => one.field === field)?.message ?? null;
  }
}

/** An answer without our envelope (a proxy's page, no answer at all). */
function codeForStatus(status: number): FailureCode {
  if (status === 0) return 'network';
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 413) return 'too_large';
  if (status === 429) return 'too_many_requests';
  return status === 502 || status === 503 || status === 504 ? 'unavailable' : 'internal';
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
