import { t } from '../i18n';
import type { Problem } from './types';

/** A call that did not succeed. `code` is the API's, or `network` when no answer came. */
export class ApiError extends Error {
  readonly code: Problem['code'] | 'network';
  readonly status: number;
  readonly field: string | undefined;

  constructor(code: ApiError['code'], status: number, message: string, field?: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.field = field;
  }

  /** The same request may succeed later without anybody changing anything. */
  get passes(): boolean {
    return this.code === 'network' || this.status === 429 || this.status >= 500;
  }
}

export function networkError(): ApiError {
  return new ApiError('network', 0, t.errors.network);
}

/** From a response's status and body; the body may be anything (a proxy's page, nothing). */
export function problemError(status: number, body: unknown): ApiError {
  const p = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
  if (status === 429) return new ApiError('rate', status, t.errors.rate);
  if (typeof p.code === 'string') {
    const text = p.detail || p.title || t.errors.unexpected(status);
    return new ApiError(p.code, status, sentence(text), p.field);
  }
  if (status === 502 || status === 503 || status === 504) {
    return new ApiError('unavailable', status, t.errors.unavailable);
  }
  return new ApiError(
    status === 404 ? 'not_found' : 'internal',
    status,
    t.errors.unexpected(status),
  );
}

/** A sentence for people from any thrown thing. */
export function errorText(error: unknown): string {
  return error instanceof ApiError ? error.message : t.errors.unexpected(0);
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
