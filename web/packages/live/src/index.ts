// The live side of the console: the socket, the state it keeps true, and the outbox.
export { apply, applyEvent } from './apply';
export * from './frames';
export { newId } from './id';
export { Outbox, type OutboxOptions, type Unsent, type UnsentFile, type UnsentState } from './outbox';
export { LiveSocket, type SocketListener, type SocketStatus } from './socket';
export {
  byId,
  emptyState,
  lastPosition,
  withEarlier,
  withMessage,
  withOpened,
  withRows,
  type LiveState,
  type Timeline,
} from './state';
