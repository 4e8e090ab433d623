// A bot of a user's that runs all day: it logs in, streams, reconnects, and has
// services of its own.
import net from 'node:net'
import WebSocket from 'ws'

const headers = { Authorization: 'Bearer ' + process.env.UPSTOX_ACCESS_TOKEN, Accept: 'application/json' }
const subscribe = Buffer.from(JSON.stringify({ guid: '1', method: 'sub', data: { mode: 'ltpc', instrumentKeys: ['NSE_INDEX|Nifty 50'] } }))
const log = (level, ...words) => console.log(new Date().toISOString().replace('T', ' ').slice(0, 19), level, ...words)

async function call (path) {
  const answer = await fetch('https://api.upstox.com' + path, { headers, signal: AbortSignal.timeout(5000) })
  if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()).data
}

function services () {
  net.connect(5432, '127.0.0.1').on('error', error => log('WARN', '[db] postgres:', error.message)).on('connect', function () { this.end() })
  fetch('https://api.telegram.org/bot/sendMessage').catch(error => log('WARN', '[notify] telegram:', error.message, error.cause?.message ?? ''))
}

let attempt = 0
async function stream () {
  const { authorized_redirect_uri: url } = await call('/v3/feed/market-data-feed/authorize')
  const socket = new WebSocket(url, { handshakeTimeout: 5000 })
  socket.on('open', () => {
    log('INFO', '[feed] connected')
    socket.send(subscribe)
  })
  socket.on('message', data => log('INFO', '[feed] tick of', data.length, 'bytes'))
  socket.on('error', error => log('ERROR', '[feed]', error.message))
  socket.on('close', (code, reason) => {
    log('WARN', `[feed] onclose code=${code} reason=${reason}`)
    services()
    again()
  })
}

function again () {
  if (++attempt > 5) {
    log('ERROR', 'giving up')
    process.exit(1)
  }
  log('INFO', `[feed] reconnecting in 3 s, attempt ${attempt}`)
  setTimeout(() => stream().catch(error => {
    log('ERROR', '[feed]', error.message, error.cause?.message ?? '')
    again()
  }), 3000)
}

log('INFO', 'bot started')
services()
await call('/v2/user/profile')
log('INFO', 'login ok')
await stream()
