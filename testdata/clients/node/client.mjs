// A program of a user's, in each of Node's clients: it asks for the feed's URL,
// opens the stream, subscribes, and prints what it meets in the client's own
// words. The first argument is the client; faults end it as they end a program
// that does not expect them.
const authorize = 'https://api.upstox.com/v3/feed/market-data-feed/authorize'
const headers = { Authorization: 'Bearer ' + process.env.UPSTOX_ACCESS_TOKEN, Accept: 'application/json' }
const subscribe = Buffer.from(JSON.stringify({ guid: '1', method: 'sub', data: { mode: 'ltpc', instrumentKeys: ['NSE_INDEX|Nifty 50'] } }))
const timeout = 5000

async function feedURL () {
  const answer = await fetch(authorize, { headers, signal: AbortSignal.timeout(timeout) })
  if (!answer.ok) throw new Error(`authorize failed: ${answer.status} ${await answer.text()}`)
  return (await answer.json()).data.authorized_redirect_uri
}

const clients = {
  async axios () {
    const { default: axios } = await import('axios')
    const answer = await axios.get(authorize, { headers, timeout, proxy: false })
    console.log('authorized', new URL(answer.data.data.authorized_redirect_uri).host)
  },

  async fetch () {
    console.log('authorized', new URL(await feedURL()).host)
  },

  async ws () {
    const { default: WebSocket } = await import('ws')
    const socket = new WebSocket(await feedURL(), { handshakeTimeout: timeout })
    let answered = true
    socket.on('open', () => {
      console.log('connected')
      socket.send(subscribe)
      setInterval(() => {
        if (!answered) socket.terminate()
        answered = false
        if (socket.readyState === WebSocket.OPEN) socket.ping()
      }, 1000).unref()
    })
    socket.on('pong', () => { answered = true })
    socket.on('message', data => console.log('message of', data.length, 'bytes'))
    socket.on('error', error => console.error(error))
    socket.on('close', (code, reason) => console.log('onclose: code=%d reason=%s', code, reason))
  },

  async undici () {
    const { WebSocket, request } = await import('undici')
    const answer = await request(authorize, { headers, headersTimeout: timeout })
    if (answer.statusCode !== 200) throw new Error(`authorize: HTTP ${answer.statusCode} ${await answer.body.text()}`)
    stream(new WebSocket((await answer.body.json()).data.authorized_redirect_uri))
  },

  async global () {
    stream(new WebSocket(await feedURL()))
  }
}

function stream (socket) {
  socket.binaryType = 'arraybuffer'
  socket.onopen = () => {
    console.log('connected')
    socket.send(subscribe)
  }
  socket.onmessage = event => console.log('message of', event.data.byteLength ?? event.data.length, 'bytes')
  socket.onerror = event => console.error('WebSocket onerror:', event.message, event.error ?? '')
  socket.onclose = event => console.log('WebSocket onclose:', event.code, event.reason, event.wasClean)
}

await clients[process.argv[2]]()
