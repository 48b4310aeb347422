// Where a picture for show lies.
export const pictureAddress = (id: string): string => `/pictures/${encodeURIComponent(id)}`;
