// Brings a chosen file to the server by itself, before what is to hold it is sent.
import { upload, type Transport } from '@balcao/files';
import { api } from '../../api';
import type { Chosen } from './attaching.svelte';

export const transport: Transport = { begin: api.beginUpload, append: api.appendUpload, state: api.uploadState };

/** The server's id of it. Tried again it goes on where it was, or is there already. */
export async function uploadChosen(
  { key, file, kind, duration_ms }: Chosen,
  signal: AbortSignal,
  onProgress: (received: number) => void,
): Promise<string> {
  const source = { client_id: key, name: file.name, kind, media_type: file.type || null, duration_ms, content: file };
  return (await upload(source, transport, { signal, onProgress })).id;
}
