// Hocuspocus without extensions, on a unix socket: node server.mjs PATH.
import { Server } from '@hocuspocus/server'

const server = new Server({ quiet: true, stopOnSignals: false })
process.on('SIGUSR2', () => globalThis.gc?.()) // before memory is measured
server.httpServer.listen({ path: process.argv[2], backlog: 4096 })
