"""Stands in for coderoom-ws on the service socket: rings the doorbell, remembers what the runner says."""
import base64
import hashlib
import json
import os
import socket
import struct
import threading


class Bell:
    def __init__(self, path):
        self.path = path
        self.conns = []
        self.lock = threading.Lock()
        self.messages = []  # (kind, JSON object or bytes), as they came
        self.changed = threading.Condition(self.lock)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen(4)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                conn, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, conn):
        head = b""
        while b"\r\n\r\n" not in head:
            data = conn.recv(4096)
            if not data:
                return
            head += data
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if ": " in line)
        fields = {k.lower(): v for k, v in fields.items()}
        self.authorization = fields.get("authorization")
        accept = base64.b64encode(hashlib.sha1(
            (fields["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        conn.sendall(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Accept: %s\r\n\r\n" % accept).encode())
        with self.lock:
            self.conns.append(conn)
        try:
            self._read(conn, head.split(b"\r\n\r\n", 1)[1])
        except OSError:
            pass
        with self.lock:
            if conn in self.conns:
                self.conns.remove(conn)

    def _read(self, conn, buf):
        message, kind = b"", 0

        def take(n):
            nonlocal buf
            while len(buf) < n:
                data = conn.recv(65536)
                if not data:
                    raise OSError("closed")
                buf += data
            out, buf = buf[:n], buf[n:]
            return out

        while True:
            a, b = take(2)
            n = b & 127
            if n == 126:
                n = struct.unpack(">H", take(2))[0]
            elif n == 127:
                n = struct.unpack(">Q", take(8))[0]
            mask = take(4) if b & 128 else bytes(4)
            data = bytes(x ^ mask[i % 4] for i, x in enumerate(take(n)))
            if a & 15 in (1, 2):
                kind, message = a & 15, b""
            if a & 15 == 8:
                return
            if a & 15 == 9:
                with self.lock:
                    conn.sendall(bytes([0x8A, len(data)]) + data)
            if a & 15 > 8:
                continue
            message += data
            if a & 128:
                with self.lock:
                    self.messages.append(json.loads(message) if kind == 1 else message)
                    self.changed.notify_all()

    def send(self, data, binary=False):
        head = bytes([0x82 if binary else 0x81])
        head += bytes([len(data)]) if len(data) < 126 else bytes([126]) + struct.pack(">H", len(data))
        with self.lock:
            for conn in self.conns:
                try:
                    conn.sendall(head + data)
                except OSError:
                    pass

    def ring(self):
        self.send(json.dumps({"type": "job.ready", "run": "0" * 20}).encode())

    def hang_up(self):
        with self.lock:
            for conn in self.conns:
                conn.shutdown(socket.SHUT_RDWR)

    def wait(self, found, seconds=10):
        """Wait until found(messages) is true; returns it."""
        with self.lock:
            self.changed.wait_for(lambda: found(self.messages), seconds)
            return found(self.messages)

    def close(self):
        self.server.close()
        self.hang_up()
        os.unlink(self.path)
