package catalog

// A mark is what a text indicates other than an entry: progress, a service that
// is not Upstox, or a failure whose hop other words indicate.
type mark uint

const (
	opened   mark = 1 << iota // the stream was open
	ticked                    // a price came
	accepted                  // Upstox took the token
	retrying                  // a new attempt begins
	service                   // another service, by its name or library
	serving                   // the user's own server writes to its client
	failing                   // the line reports a failure, so it is not a sign of progress
	timedOut                  // something did not answer in time
	cutOff                    // the other side ended the connection
	noJSON                    // something that should be JSON is not
)

// progress are the marks that rule out earlier faults.
const progress = opened | ticked | accepted

// markTexts are the patterns of the marks.
var markTexts = []struct {
	mark  mark
	texts []string
}{
	{opened, []string{
		"connected", "connection opened", "stream opened", "socket opened", "feed opened", "websocket opened", "opened connection", "### opened", "onopen", "on_open", "websocket open", "socket open", "ws open", "connection open", "connection established",
		"subscribed", "resubscribed", "101 switching protocols", "stream started",
	}},
	{ticked, []string{"ltp=", "ltp:", "ltp\":", "\"ltp\"", "'ltp'", "\"ltpc\"", "'ltpc'", "live_feed", "tick", "ticks", "last price", "last_price"}},
	{accepted, []string{
		"token is valid", "token valid", "valid token", "token accepted", "login successful", "login success", "login ok", "logged in",
		"authorize 200", "authorize ok", "authorized", "authenticated", "profile 200", "profile ok",
	}},
	{retrying, []string{"reconnect", "reconnecting", "retry", "retrying", "attempt", "trying again"}},
	{service, []string{
		"redis", "redis-py", "ioredis", "psycopg", "psycopg2", "asyncpg", "postgres", "postgresql", "libpq", "pymongo", "mongodb", "mongo", "mongoose",
		"mongoservererror", "mongonetworkerror", "mysql", "pymysql", "mariadb", "sqlalchemy", "kafka", "nobrokersavailable", "rabbitmq", "amqp", "influxdb", "influx", "questdb", "timescaledb", "memcached",
		"elasticsearch", "clickhouse", "mqtt", "nats", "prisma", "sqlite3",
		"telegram.ext", "telegram.error", "telegram.vendor", "rpc.telegram", "telegramerror", "telegram bot", "telegram networkerror", "telegram send",
		"telebot", "aiogram", "telethon", "yfinance", "yfratelimiterror", "nsepython", "nsetools", "jugaad", "yahoo finance",
		"smtplib", "smtp", "slack_sdk", "discord.py", "discord.js", "discord.gateway", "discord webhook", "twilio", "openai", "gspread", "firebase", "selenium", "chromedriver",
		"streamlit/web", "boto3", "botocore", "docker daemon", "ib gateway", "ib_insync", "socat", "jupyter", "metatrader",
	}},
	{serving, []string{"werkzeug/serving.py", "run_wsgi", "socketserver.py", "wsgiref", "gunicorn/workers", "uvicorn/protocols", "reading response header from upstream", "while sending to client", "while connecting to upstream"}},
	{failing, []string{
		"fail", "failed", "failure", "error", "unable", "cannot", "can't", "could not", "couldn't", "disconnected", "disconnect", "closed", "lost", "refused",
		"waiting", "no ticks", "no tick", "not getting", "not receiving", "not coming", "not updating", "not connected", "never", "connecting", "without", "stopped", "stale",
	}},
	{timedOut, timeOuts},
	{cutOff, resets},
	{noJSON, []string{"expecting value: line 1 column 1 (char 0)", "unexpected end of json input"}},
}

// Texts of failures whose hop other words indicate.
var (
	timeOuts = []string{
		"timed out", "timeout", "timeouterror", "time out", "time-out", "i/o timeout", "deadline exceeded", "sockettimeoutexception", "timeoutexception",
		"httptimeoutexception", "taskcanceledexception", "timeout was reached", "timed_out", "code=-1001",
	}
	// The connection was ended by the other side, at an unnamed moment.
	resets = []string{
		"connection reset by peer", "connection reset", "connectionreset", "connectionreseterror", "econnreset", "err_connection_reset",
		"errno 104", "errno 54", "os error 104", "os error 54", "os error 10054", "winerror 10054", "socketexception (104)", "socketexception (54)", "socketexception (10054)",
		"forcibly closed", "connection aborted", "connectionlost", "non-clean fashion", "code=-1005", "nsposixerrordomain code=54", "broken pipe", "epipe", "streamclosederror", "send failure: connection", "\": eof", "dial: unexpected eof", "\": unexpected eof", "read: unexpected eof", "dial: eof",
		"远程主机强迫关闭了一个现有的连接", "遠端主機已強制關閉", "既存の接続はリモート", "vorhandene verbindung wurde vom remotehost geschlossen",
		"connexion existante a d", "forzado la interrupci", "cancelamento de uma conex", "принудительно разорвал существующее подключение", "दूरस्थ होस्ट द्वारा",
	}
)

// Messages of Windows in its users' languages. Characters that editions write
// differently are left out.
var (
	windowsRefusals = []string{
		"actively refused it", "socketexception (10061)", "os error 10061", "积极拒绝", "目標電腦拒絕連線", "コンピューターによって拒否", "zielcomputer die verbindung verweigerte", "ordinateur cible l", "equipo de destino deneg",
		"quina de destino as recusou", "компьютер отверг запрос", "rifiuto persistente del computer", "सक्रिय रूप से…अस्वीकार", "सक्रिय रूप से…मना", "대상 컴퓨터에서 연결을 거부",
	}
	windowsTimeouts = []string{
		"socketexception (10060)", "os error 10060", "连接方在一段时间后没有正确答复", "連線對象有一段時間並未正確回應", "一定の時間を過ぎても正しく応答しなかった", "gegenstelle nach einer bestimmten zeitspanne", "a pas r…convenablement",
		"no respondi…adecuadamente tras un periodo", "respondeu corretamente ap", "за требуемое время не получен", "उचित प्रतिसाद नहीं", "ठीक से प्रतिक्रिया नहीं", "समय की अवधि के बाद…प्रतिक्रिया",
	}
	windowsAborts = []string{
		"winerror 10053", "socketexception (10053)", "os error 10053", "中的软件中止了一个已建立的连接", "主機上的軟體中止", "ホスト コンピューターの", "softwaregesteuert durch den hostcomputer", "abandonn…par un logiciel de votre ordinateur",
		"anulado una conexi", "anulada pelo software no computador host", "хост-компьютере разорвала установленное", "wsasend…aborted by the software in your host machine", "aborted by the software in your host machine",
	}
	windowsUnreachable = []string{
		"winerror 10051", "socketexception (10051)", "os error 10051", "unreachable network", "向一个无法连接的网络", "到達できないネットワーク", "nicht verf…netzwerk", "seau impossible", "red no accesible", "rede inacess", "для недоступной сети", "अगम्य नेटवर्क",
	}
	windowsUnknownHosts = []string{
		"socketexception (11001)", "os error 11001", "no such host is known", "不知道这样的主机", "無法識別這台主機", "そのようなホストは不明", "angegebene host ist unbekannt", "host ist nicht bekannt", "te inconnu", "host desconocido", "host no es conocido",
		"este host não é conhecido", "host é desconhecido", "тот хост неизвестен", "ऐसा कोई होस्ट",
	}
)
