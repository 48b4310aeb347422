// All that has to do with files, loaded with the first one: choosing, sending, showing.
import css from './attach.css?inline';
import { wear } from './sheet';

wear(css);

export { bring, forget, has } from './bring';
export { figure } from './figure';
export { tray, type Tray } from './tray';
