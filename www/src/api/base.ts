/** Where the application lives: the path of <base href>, always with a slash at the end. */
export function basePath(): string {
  return new URL('.', document.baseURI).pathname;
}

/** Absolute address of a page of the application, for links that are copied. */
export function pageUrl(path: string): string {
  return new URL(path, document.baseURI).href;
}

/** Address of a socket, e.g. socketUrl('room/abc', { ticket }). */
export function socketUrl(path: string, params: Record<string, string>): string {
  const url = new URL(`ws/v1/${path}`, document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  for (const [key, value] of Object.entries(params)) url.searchParams.set(key, value);
  return url.href;
}
