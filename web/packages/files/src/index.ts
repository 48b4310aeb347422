// Files on their way from a person to a conversation: what may be sent, made smaller, kept and uploaded. Plain TypeScript
// for the console and the widget; recording (record.ts) and the MP3 encoder (mp3.ts) are imported by themselves, late.
export { alone } from './alone';
export * from './kinds';
export * from './shapes';
export { Keep } from './keep';
export { prepare, type Prepared } from './prepare';
export { measured, type Measures } from './measure';
export { shrink, shrinkPlan, type ShrinkPlan } from './shrink';
export { upload, type Source, type Transport, type UploadOptions } from './upload';
export { peaksOf } from './peaks';
export { sizeText, timeText } from './texts';
