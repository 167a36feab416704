// The packages of this folder, for generators that live elsewhere.
export * as Y from 'yjs'
export * as encoding from 'lib0/encoding'
