// Where the panel's files lie until they are sent. Where nothing may outlive the visit, or the browser closes its storage to frames of other
// sites, they are held in memory.
import { Keep } from '@balcao/files';
import type { PanelConfig } from '../../shared/config';

export const keepOf = ({ code, settings }: PanelConfig): Keep =>
  new Keep(settings.capture_visitor_data ? 'balcao.files.' + code : null);
