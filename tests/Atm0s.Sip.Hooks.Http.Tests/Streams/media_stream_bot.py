"""A bot that speaks Media Streams, written from the documented messages alone, with nothing but the standard library.

It listens on 127.0.0.1 at a free port, prints that port, and then one line of JSON for whatever happens. The path says what it does:
/echo, /tone, /many, /break, /frail, /away, /deaf, /slow, /ahead, /listen, /bye. A message that is not as documented is printed as a violation.
"""
import base64, hashlib, json, math, re, socket, struct, sys, threading, time

lock = threading.Lock()
connections = 0


def say(**what):
    with lock:
        print(json.dumps(what), flush=True)


def read_exactly(sock, count):
    data = b""
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def read_message(sock):
    """RFC 6455, section 5.2; what a client sends is masked."""
    data = b""
    while True:
        first, second = read_exactly(sock, 2)
        length = second & 0x7F
        if length == 126:
            length = struct.unpack("!H", read_exactly(sock, 2))[0]
        elif length == 127:
            length = struct.unpack("!Q", read_exactly(sock, 8))[0]
        if not second & 0x80:
            say(violation="a frame of a client is not masked")
        mask = read_exactly(sock, 4)
        payload = bytes(b ^ mask[i % 4] for i, b in enumerate(read_exactly(sock, length)))
        opcode = first & 0x0F
        if opcode == 8:
            return None
        if opcode in (9, 10):
            continue
        data += payload
        if first & 0x80:
            return data


def send(sock, message):
    data = json.dumps(message).encode()
    head = b"\x81" + (struct.pack("!B", len(data)) if len(data) < 126 else
                      struct.pack("!BH", 126, len(data)) if len(data) < 65536 else struct.pack("!BQ", 127, len(data)))
    sock.sendall(head + data)


def close(sock, code=1000):
    sock.sendall(b"\x88\x02" + struct.pack("!H", code))


def mulaw(sample):
    sign = 0x80 if sample < 0 else 0
    sample = min(32635, abs(sample)) + 132
    exponent = max(0, sample.bit_length() - 8)
    return ~(sign | (exponent << 4) | ((sample >> (exponent + 3)) & 15)) & 0xFF


def tone(frequency, seconds):
    return bytes(mulaw(int(8000 * math.sin(2 * math.pi * frequency * i / 8000))) for i in range(int(8000 * seconds)))


class Checker:
    """What the documentation says of counters and fields."""

    def __init__(self):
        self.sequence, self.chunks, self.times, self.first = 0, {}, {}, True
        self.stream, self.call, self.marks, self.stopped = None, None, [], False

    def check(self, message):
        kind = message.get("event")
        if self.first:
            self.first = False
            if message != {"event": "connected", "protocol": "Call", "version": "1.0.0"}:
                say(violation=f"the first message is {message}")
            return
        if not isinstance(message.get("sequenceNumber"), str) or int(message["sequenceNumber"]) != self.sequence + 1:
            say(violation=f"sequenceNumber {message.get('sequenceNumber')!r} after {self.sequence}")
        self.sequence += 1
        if not re.fullmatch("MZ[0-9a-f]{32}", message.get("streamSid", "")):
            say(violation="no streamSid")
        if self.stopped:
            say(violation=f"{kind} after stop")
        if kind not in ("start", "media", "mark", "dtmf", "stop") or set(message) != {"event", "sequenceNumber", "streamSid", kind}:
            say(violation=f"{kind} has {sorted(message)}")
        if kind != "start" and message["streamSid"] != self.stream:
            say(violation=f"{kind} of another stream")
        if (kind == "start") != (self.sequence == 1):
            say(violation=f"{kind} has the number {self.sequence}")
        if kind == "start":
            start = message["start"]
            if set(start) != {"accountSid", "streamSid", "callSid", "tracks", "mediaFormat", "customParameters"}:
                say(violation=f"start has {sorted(start)}")
            if start["streamSid"] != message["streamSid"]:
                say(violation="two streamSids")
            self.stream, self.call = start["streamSid"], (start["accountSid"], start["callSid"])
        elif kind == "media":
            media = message["media"]
            track = media["track"]
            if not all(isinstance(media[name], str) for name in ("track", "chunk", "timestamp", "payload")):
                say(violation="a field of media is no string")
            if int(media["chunk"]) != self.chunks.get(track, 0) + 1:
                say(violation=f"chunk {media['chunk']}")
            if int(media["timestamp"]) < self.times.get(track, -20) + 20:
                say(violation=f"timestamp {media['timestamp']} after {self.times.get(track)}")
            if set(media) != {"track", "chunk", "timestamp", "payload"} or track not in ("inbound", "outbound"):
                say(violation=f"media has {sorted(media)} of {track}")
            self.chunks[track], self.times[track] = int(media["chunk"]), int(media["timestamp"])
        elif kind == "mark":
            # Each once, in the order in which they were set.
            if set(message["mark"]) != {"name"} or not self.marks or self.marks.pop(0) != message["mark"]["name"]:
                say(violation=f"mark {message['mark']}")
        elif kind == "dtmf":
            if set(message["dtmf"]) != {"track", "digit"} or message["dtmf"]["track"] != "inbound_track":
                say(violation=f"dtmf has {message['dtmf']}")
        elif kind == "stop":
            self.stopped = True
            if message["stop"] != {"accountSid": self.call[0], "callSid": self.call[1]}:
                say(violation=f"stop has {message['stop']}")


def serve(sock):
    global connections
    connections += 1
    number = connections
    head = b""
    while b"\r\n\r\n" not in head:
        head += sock.recv(4096)
    lines = head.decode().split("\r\n")
    path = lines[0].split(" ")[1]
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:] if ": " in line)}
    say(connection=number, path=path, authorization=headers.get("authorization"), signature=headers.get("x-twilio-signature"))
    key = headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
    sock.sendall(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  f"Sec-WebSocket-Accept: {accept}\r\n\r\n").encode())
    if path == "/deaf":
        time.sleep(60)
        return
    checker = Checker()
    stream, begun = "", 0

    def play(payload):
        send(sock, {"event": "media", "streamSid": stream, "media": {"payload": base64.b64encode(payload).decode()}})

    def mark(name):
        checker.marks.append(name)
        send(sock, {"event": "mark", "streamSid": stream, "mark": {"name": name}})

    def talk():
        try:
            # Ten minutes may wait, and what the system holds in between: that is little.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
            voice = tone(1000, 10)
            for _ in range(90):
                play(voice)
            say(said=True)
        except OSError:
            pass  # the call is over

    while True:
        data = read_message(sock)
        if data is None:
            say(closed=number)
            close(sock)
            sock.close()
            return
        message = json.loads(data)
        checker.check(message)
        kind = message["event"]
        if kind == "media":
            if path == "/echo":
                send(sock, {"event": "media", "streamSid": stream, "media": {"payload": message["media"]["payload"]}})
            if path == "/listen" or int(message["media"]["chunk"]) % 50 == 1:
                say(event="media", **message["media"])
            if path == "/slow":
                time.sleep(0.04)
            if path == "/away" and number == 1 and int(message["media"]["chunk"]) == 25:
                close(sock, 1001)
            if (path == "/break" and number == 1 and int(message["media"]["chunk"]) == 25) or (
                    path == "/frail" and int(message["media"]["chunk"]) == 5):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.close()
                return
            if path == "/bye" and int(message["media"]["chunk"]) == 25:
                close(sock)
            continue
        say(ms=round((time.time() - begun) * 1000) if begun else 0, **message)
        if kind == "start":
            stream, begun = message["streamSid"], time.time()
            if path == "/tone":
                # Longer than a frame of 65,535 bytes, in one message; then what must not disturb: unknown, broken, binary.
                for payload, name in ((tone(1000, 1), "first"), (tone(1000, 10), "second")):
                    play(payload)
                    mark(name)
                send(sock, {"event": "unheard of", "streamSid": stream})
                send(sock, ["no object"])
                sock.sendall(b"\x81\x01{" + b"\x82\x02\x00\x01")
            if path == "/ahead":
                # More than may wait, while it goes on reading; and says when the end of it was taken.
                threading.Thread(target=talk, daemon=True).start()
            if path == "/many":
                # As bots that stream speech do: a mark after each 20 ms; more than any queue of a few thousand.
                for number in range(6000):
                    play(tone(1000, 0.02))
                    mark(f"m{number}")
        if kind == "mark" and path == "/many" and message["mark"]["name"] == "m49":
            send(sock, {"event": "clear", "streamSid": stream})
            play(tone(500, 1))
            mark("last")
        if kind == "mark" and message["mark"]["name"] == "first":
            say(clearing=True)
            begun = time.time()
            send(sock, {"event": "clear", "streamSid": stream})
            mark("third")


def guarded(sock):
    try:
        serve(sock)
    except (EOFError, OSError) as error:
        say(broken=str(error))


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
listener.bind(("127.0.0.1", 0))
listener.listen()
print(listener.getsockname()[1], flush=True)
while True:
    client, _ = listener.accept()
    threading.Thread(target=guarded, args=(client,), daemon=True).start()
