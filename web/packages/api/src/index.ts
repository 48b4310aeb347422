// The REST interface for the browser: shapes, errors and the typed client.
export * from './types';
export * from './error';
export { createApi, type Api, type ConversationQuery } from './client';
export type { Transport } from './request';
