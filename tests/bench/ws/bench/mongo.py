"""As much of the MongoDB wire protocol (OP_MSG, BSON) as asking for the size of a database takes."""

import socket
import struct


def encode(document):
    out = b""
    for key, value in document.items():
        name = key.encode() + b"\0"
        if isinstance(value, str):
            data = value.encode() + b"\0"
            out += b"\x02" + name + struct.pack("<i", len(data)) + data
        elif isinstance(value, int):
            out += b"\x10" + name + struct.pack("<i", value)
        elif isinstance(value, list):
            out += b"\x04" + name + encode({str(i): item for i, item in enumerate(value)})
        else:
            out += b"\x03" + name + encode(value)
    return struct.pack("<i", len(out) + 5) + out + b"\0"


def decode(data, at=0):
    """The document at an offset; binary and rarer kinds are passed over."""
    end, at, out = at + struct.unpack_from("<i", data, at)[0], at + 4, {}
    while data[at]:
        kind, stop = data[at], data.index(0, at + 1)
        key, at = data[at + 1:stop].decode(), stop + 1
        if kind == 0x01:
            out[key], at = struct.unpack_from("<d", data, at)[0], at + 8
        elif kind == 0x02:
            size = struct.unpack_from("<i", data, at)[0]
            out[key], at = data[at + 4:at + 3 + size].decode(), at + 4 + size
        elif kind in (0x03, 0x04):
            out[key] = decode(data, at)
            at += struct.unpack_from("<i", data, at)[0]
        elif kind == 0x05:
            at += 5 + struct.unpack_from("<i", data, at)[0]
        elif kind == 0x08:
            out[key], at = bool(data[at]), at + 1
        elif kind == 0x10:
            out[key], at = struct.unpack_from("<i", data, at)[0], at + 4
        elif kind in (0x09, 0x11, 0x12):
            out[key], at = struct.unpack_from("<q", data, at)[0], at + 8
        elif kind == 0x07:
            at += 12
        elif kind != 0x0A:
            raise ValueError(f"BSON kind {kind:#x}")
        if at > end:
            raise ValueError("BSON that ends too early")
    return out


def command(path, document):
    body = struct.pack("<IB", 0, 0) + encode(document)
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(30)
        s.connect(path)
        s.sendall(struct.pack("<iiii", 16 + len(body), 1, 0, 2013) + body)
        answer = b""
        while len(answer) < 4 or len(answer) < struct.unpack_from("<i", answer)[0]:
            chunk = s.recv(65536)
            if not chunk:
                raise OSError("the database hung up")
            answer += chunk
    answer = decode(answer, 21)
    if answer.get("ok") != 1:
        raise OSError(f"the database: {answer.get('errmsg')}")
    return answer


def sizes(path, database, collection, match):
    """The collection's documents that match, as {"_id", "n": bytes, "state", "seq"}; at most 10,000."""
    pipeline = [{"$match": match}, {"$project": {"n": {"$bsonSize": "$$ROOT"}, "state": 1, "seq": 1}}]
    answer = command(path, {"aggregate": collection, "pipeline": pipeline, "cursor": {"batchSize": 10000}, "$db": database})
    return list(answer["cursor"]["firstBatch"].values())
