// y-websocket's own server (bin/server.cjs of the package), on a unix socket: node server.mjs PATH.
import http from 'node:http'
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const { setupWSConnection } = require('y-websocket/bin/utils')
const WebSocket = require('ws')

const sockets = new WebSocket.Server({ noServer: true })
sockets.on('connection', setupWSConnection)
const server = http.createServer()
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request))
})
process.on('SIGUSR2', () => globalThis.gc?.()) // before memory is measured
server.listen({ path: process.argv[2], backlog: 4096 })
