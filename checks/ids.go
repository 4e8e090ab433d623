package checks

import "upstox-doctor/checks/catalog"

// The IDs of the checks: a stage, or "stage.detail".
const (
	IDEnvironmentFiles       = catalog.StageEnvironment + ".files"
	IDEnvironmentCredentials = catalog.StageEnvironment + ".credentials"
	IDEnvironmentValues      = catalog.StageEnvironment + ".values"

	IDNetworkProxy = catalog.StageNetwork + ".proxy"
	IDNetworkDNS   = catalog.StageNetwork + ".dns"
	IDNetworkTCP   = catalog.CheckTCP
	IDNetworkTLS   = catalog.CheckTLS
	IDNetworkHTTP  = catalog.StageNetwork + ".http"
	IDNetworkClock = catalog.StageNetwork + ".clock"

	IDTokenPresent  = catalog.StageToken + ".present"
	IDTokenExpiry   = catalog.StageToken + ".expiry"
	IDTokenAccepted = catalog.StageToken + ".accepted"

	IDAuthorize = catalog.StageAuthorize
	IDHandshake = catalog.StageHandshake
	IDPortfolio = catalog.StageHandshake + ".portfolio"

	IDTicksSnapshot = catalog.StageTicks + ".snapshot"
	IDTicksLive     = catalog.StageTicks + ".live"
)
