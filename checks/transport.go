package checks

import (
	"context"
	"net"

	"upstox-doctor/checks/upstox"
)

// apiTransport carries requests to Upstox's REST API, for the run, the login
// and the watch. It connects to the host hop by hop whenever it needs a
// connection. Its owner closes it.
func (w World) apiTransport() *upstox.Transport {
	return upstox.NewTransport(APIHost, func(ctx context.Context) (net.Conn, error) {
		return w.Net.Open(ctx, APIHost, httpsPort, "h2", "http/1.1")
	})
}

// apiOver is the client of the REST API whose requests the transport carries.
func (w World) apiOver(t *upstox.Transport) *upstox.Client {
	return &upstox.Client{HTTP: t, Base: "https://" + APIHost, Agent: w.Agent, Observe: w.recorder().response()}
}

const httpsPort = 443
