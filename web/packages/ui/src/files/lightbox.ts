// What the parts of the lightbox share.
export interface Picture {
  key: string;
  name: string;
  url: string;
  download_url: string;
  /** Who sent it and when. */
  detail: string;
}

export const TOOL_CLASS =
  'flex size-10 shrink-0 items-center justify-center rounded-full text-text hover:bg-hover disabled:opacity-35';
