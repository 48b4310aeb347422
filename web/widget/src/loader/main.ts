// Entry of the loader: one small script per connection, which draws the launcher and nothing else until it is opened.
import type { LoaderConfig } from '../shared/config';
import { start } from './widget';

// The server replaces this literal by an object.
start('__BALCAO_CONFIG__' as unknown as LoaderConfig);
