package catalog

// InstrumentUnknown is a key that Upstox does not know.
var InstrumentUnknown = &Entry{
	Code: "instrument-unknown", Stage: "ticks", Grade: Fails, Owner: You, Retry: Never,
	Title: "Upstox does not know this instrument key",
	Cause: "The feed leaves unknown keys out without a word. Keys are exact in spelling and case; contracts expire, and their keys with them.",
	Signs: []Symptom{{Hop: HopStream, Kind: KindUnknownKey}},
	Steps: []Step{
		{
			Do:      "Search the present list of instruments; put your symbol in the place of RELIANCE.",
			Run:     `curl -sS https://assets.upstox.com/market-quote/instruments/exchange/complete.json.gz | gunzip | tr '}' '\n' | grep '"RELIANCE"' | grep -o '"instrument_key": *"[^"]*"'`,
			Windows: `curl.exe -sSO https://assets.upstox.com/market-quote/instruments/exchange/complete.json.gz; $z = [IO.StreamReader]::new([IO.Compression.GZipStream]::new([IO.File]::OpenRead("$PWD\complete.json.gz"), 'Decompress')); ($z.ReadToEnd() | ConvertFrom-Json) | Where-Object trading_symbol -eq 'RELIANCE' | ForEach-Object instrument_key`,
		},
		{Do: "Replace the key in your program; encode the | as %7C in REST URLs."},
		{Do: "Run the ticks checks with the new key.", Run: "upstox-doctor --instrument 'NSE_EQ|INE002A01018'"},
	},
	Texts: join(logTexts(rankAnswer, "invalid instrument key", "wrong instrument key"), logTexts(rankEcho+2, silences...)),
}

// NoLiveTicks is a snapshot that no live tick follows while the market is open.
var NoLiveTicks = &Entry{
	Code: "no-live-ticks", Stage: "ticks", Grade: Fails, Owner: Upstox,
	Title:  "The market is open and no live tick arrives",
	Cause:  "The snapshot came, so the subscription is good. The instrument does not trade at this moment, or the feed stands still.",
	Remedy: noTicks,
	Steps: []Step{
		{Do: "Subscribe to an index that moves every second; ticks there mean that your instrument is quiet.", Run: "upstox-doctor --instrument 'NSE_INDEX|Nifty 50'"},
		{Do: "Reconnect your program with a fresh URL if the index is silent too."},
		{Do: "Switch to REST quotes until the feed moves again."},
	},
	Texts: logTexts(rankEcho+5, silences...),
}

// TicksStale is live ticks whose trades are minutes old.
var TicksStale = &Entry{
	Code: "ticks-stale", Stage: "ticks", Grade: Warns, Owner: Upstox,
	Title: "Live ticks arrive minutes late",
	Cause: "The market is open, and the trade times in the frames lag behind the clock. The feed is behind, or the instrument trades seldom.",
	Steps: []Step{
		{Do: "Compare with an index that moves every second.", Run: "upstox-doctor --instrument 'NSE_INDEX|Nifty 50'"},
		quietReader,
		{Do: "Reconnect your program with a fresh URL if the lag grows."},
		reportToForum,
	},
}

// MarketClosed is a healthy feed outside trading hours.
var MarketClosed = &Entry{
	Code: "market-closed", Stage: "ticks", Grade: Informs, Owner: Market,
	Title: "The market is closed; the feed is healthy",
	Cause: "The snapshot came with the last prices, and the segment does not trade now. Live ticks start with the next session.",
	Steps: []Step{
		{Do: "Wait for the next opening; nothing needs a repair."},
		{Do: "Run the doctor again after 09:15 IST on a trading day.", Run: "upstox-doctor"},
	},
	Texts: join(logTexts(rankEcho+4, silences...), logTexts(rankEcho, "normal_close", "closing_end", "market is closed", "market closed")),
}

// PlanLimit is a mode or a number of keys that the plan does not include.
var PlanLimit = &Entry{
	Code: "plan-limit", Stage: "ticks", Grade: Fails, Owner: You, Retry: Never,
	Title: "The plan does not include this mode or number of keys",
	Cause: "full_d30 and expired instruments need Upstox Plus. One mode takes 5000 keys in ltpc, 3000 in option_greeks, 2000 in full, 50 in full_d30; mixed modes take fewer.",
	Signs: []Symptom{{Hop: HopStream, Kind: KindPlan}},
	Steps: []Step{
		{Do: "Use mode full in place of full_d30, or subscribe to fewer keys."},
		{Do: "Split more keys over the two connections that the plan allows."},
		{Do: "Run the doctor in the mode that your plan has.", Run: "upstox-doctor --mode full"},
	},
	Texts: logTexts(rankCertain, "insufficient subscription", "requires upstox plus", "upstox plus plan"),
}
