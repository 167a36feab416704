/** Where one was going before signing in; only paths of this application. */
export function backTo(search: string): string {
  const to = new URLSearchParams(search).get('to') ?? '';
  return /^\/(?![/\\])/.test(to) ? to : '/rooms';
}
