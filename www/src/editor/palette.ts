/** The colours of people: the same as --peer-N in ui/tokens.css, for other editors' plugins. */
export const PALETTE = [
  '#2f6bdb',
  '#c2410c',
  '#0f7b55',
  '#9b3fd1',
  '#ba347c',
  '#94640a',
  '#1277a0',
  '#d1304f',
  '#5b7a12',
  '#6a57e0',
  '#a8553f',
  '#4f6f8f',
] as const;

export function peerColor(index: number): string {
  return PALETTE[index % PALETTE.length] ?? PALETTE[0];
}
