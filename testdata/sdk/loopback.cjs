// Loaded before a program with "node --require": every connection to port 443
// goes to the address in LOOPBACK instead, as if that were what the names
// resolve to. The program and the SDK know nothing of it: names, TLS and
// certificates are those of Upstox's hosts.
const net = require("node:net");

const [host, port] = process.env.LOOPBACK.split(":");
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...args) {
  const options = args[0]?.[0] ?? args[0]; // net.connect hands its arguments on as one list
  if (options && Number(options.port) === 443) {
    options.host = host;
    options.port = Number(port);
  }
  return connect.apply(this, args);
};
