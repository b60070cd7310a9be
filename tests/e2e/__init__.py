"""The integration in a real Home Assistant process, with real sockets and a browser."""
