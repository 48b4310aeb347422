// One request: JSON in, JSON out, and every way to fail turned into an ApiError.
import { ApiError } from './error';
import type { ErrorBody } from './types';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: object;
  /** Sent as it is, instead of a body of JSON: a piece of a file, or a table. */
  content?: Blob;
  headers?: Record<string, string>;
  ifMatch?: number;
  signal?: AbortSignal;
}

export interface Transport {
  fetch: typeof fetch;
  /** Asked for each request, so that errors speak the language shown. */
  language: () => string | null;
  /** Told when the session has ended. */
  onUnauthenticated: () => void;
}

export type Send = <Answer>(method: Method, path: string, options?: RequestOptions) => Promise<Answer>;

export function createSend(transport: Transport): Send {
  return async <Answer>(method: Method, path: string, options: RequestOptions = {}): Promise<Answer> => {
    const response = await reach(transport, method, path, options);
    if (!response.ok) {
      const error = await refusal(response);
      if (error.code === 'unauthenticated') transport.onUnauthenticated();
      throw error;
    }
    if (response.status === 204) return undefined as Answer;
    try {
      return (await response.json()) as Answer;
    } catch {
      throw new ApiError(0, null); // The connection broke in the middle of the answer.
    }
  };
}

async function reach(transport: Transport, method: Method, path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const language = transport.language();
  if (language) headers['Accept-Language'] = language;
  if (options.ifMatch !== undefined) headers['If-Match'] = `"${options.ifMatch}"`;
  Object.assign(headers, options.headers);
  let body: string | Blob | undefined;
  if (options.content) {
    headers['Content-Type'] ??= 'application/octet-stream';
    body = options.content;
  } else if (method !== 'GET') {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.body ?? {});
  }
  try {
    return await transport.fetch(`/api${path}${queryOf(options.query)}`, {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: 'same-origin',
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, null);
  }
}

function queryOf(query: RequestOptions['query']): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

async function refusal(response: Response): Promise<ApiError> {
  const seconds = Number(response.headers.get('Retry-After'));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  try {
    const body = (await response.json()) as Partial<ErrorBody>;
    return new ApiError(response.status, body.error ?? null, retryAfter);
  } catch {
    return new ApiError(response.status, null, retryAfter);
  }
}
