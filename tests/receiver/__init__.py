"""The open port: real sockets on the loopback, the clock fixed, the limits small."""
