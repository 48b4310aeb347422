// The live side of the console: the socket, the state it keeps true, and the outbox.
export { apply, applyEvent } from './apply';
export { forgetClosed, forgetTimelines, TIMELINES_KEPT } from './forget';
export * from './frames';
export { newId } from './id';
export { Outbox, type OutboxOptions, type Progress, type Unsent, type UnsentFile, type UnsentState } from './outbox';
export { LiveSocket, type SocketListener, type SocketStatus } from './socket';
export {
  byId,
  emptyState,
  lastPosition,
  withEarlier,
  withMessage,
  withoutConversation,
  withoutLabel,
  withOpened,
  withRows,
  withTeam,
  type LiveState,
  type TeamEntry,
  type Timeline,
} from './state';
