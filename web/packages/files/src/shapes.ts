// What the server says about a file, as /api/openapi.json has it.
export type FileKind = 'image' | 'video' | 'audio' | 'file';

export interface FileShown {
  id: string;
  name: string;
  kind: FileKind;
  media_type: string;
  size: number;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  /** Signed and good for half an hour at least. Shows inline only what was checked. */
  url: string;
  /** A smaller picture, where the original is larger. */
  preview_url: string | null;
  download_url: string;
}

export interface FileUpload {
  id: string;
  /** How many bytes lie on the server's disk. */
  received: number;
  size: number;
  state: 'receiving' | 'stored';
  file: FileShown | null;
}

export interface NewUpload {
  client_id: string;
  name: string;
  size: number;
  kind: FileKind;
  media_type: string | null;
  duration_ms: number | null;
}

/** In megabytes of 1,000,000 bytes. */
export type Limits = Record<FileKind, number>;
