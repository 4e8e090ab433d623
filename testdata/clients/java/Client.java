import java.io.FileInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A program of a user's in Java's own client. Faults end it as they end a program that does not expect them. */
public class Client {
	static final String AUTHORIZE = "https://api.upstox.com/v3/feed/market-data-feed/authorize";
	static final String SUBSCRIBE = "{\"guid\":\"1\",\"method\":\"sub\",\"data\":{\"mode\":\"ltpc\",\"instrumentKeys\":[\"NSE_INDEX|Nifty 50\"]}}";
	static final Duration TIMEOUT = Duration.ofSeconds(5);

	public static void main(String[] args) throws Exception {
		HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).sslContext(trusting(System.getenv("SSL_CERT_FILE"))).version(HttpClient.Version.HTTP_1_1).build();
		HttpRequest request = HttpRequest.newBuilder(URI.create(AUTHORIZE)).timeout(TIMEOUT)
			.header("Authorization", "Bearer " + System.getenv("UPSTOX_ACCESS_TOKEN")).header("Accept", "application/json").build();
		HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
		if (answer.statusCode() != 200) {
			throw new IllegalStateException("authorize answered " + answer.statusCode() + ": " + answer.body());
		}
		Matcher found = Pattern.compile("\"authorized_redirect_uri\"\\s*:\\s*\"([^\"]+)\"").matcher(answer.body());
		if (!found.find()) {
			throw new IllegalStateException("authorize gave no authorized_redirect_uri: " + answer.body());
		}
		CountDownLatch ended = new CountDownLatch(1);
		client.newWebSocketBuilder().connectTimeout(TIMEOUT).buildAsync(URI.create(found.group(1).replace("\\u0026", "&")), new Ticker(ended)).join();
		if (!ended.await(20, TimeUnit.SECONDS)) {
			System.out.println("no end in 20 seconds");
		}
		System.exit(0);
	}

	static SSLContext trusting(String file) throws Exception {
		KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
		store.load(null);
		int n = 0;
		try (FileInputStream in = new FileInputStream(file)) {
			for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
				store.setCertificateEntry("ca" + n++, one);
			}
		}
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(store);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return context;
	}

	static class Ticker implements WebSocket.Listener {
		private final CountDownLatch ended;

		Ticker(CountDownLatch ended) {
			this.ended = ended;
		}

		public void onOpen(WebSocket socket) {
			System.out.println("connected");
			socket.sendBinary(ByteBuffer.wrap(SUBSCRIBE.getBytes(StandardCharsets.UTF_8)), true);
			socket.request(1);
		}

		public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
			System.out.println("message of " + data.remaining() + " bytes");
			socket.request(1);
			return null;
		}

		public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			System.out.println("text of " + data.length());
			socket.request(1);
			return null;
		}

		public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
			System.out.println("onClose statusCode=" + code + " reason=" + reason);
			ended.countDown();
			return null;
		}

		public void onError(WebSocket socket, Throwable error) {
			error.printStackTrace();
			ended.countDown();
		}
	}
}
