// What is behind the conversation's menu, loaded when it is first opened.
import css from './more.css?inline';
import { wear } from './sheet';

wear(css);

export { ending, type Ending } from './ending';
export { menu, type Choice } from './menu';
