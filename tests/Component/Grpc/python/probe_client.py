"""A gRPC client that nobody here wrote (grpcio), for tests of our server. Arguments: descriptor set, host:port."""
import asyncio
import base64
import sys
import threading
import time

import grpc

import peer

SERVICE = "/kal.probe.v1.Probe/"
BIG = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class Context:
    def __init__(self, descriptors, target):
        find = peer.messages(descriptors)
        self.Request = find("kal.probe.v1.ProbeRequest")
        self.Reply = find("kal.probe.v1.ProbeReply")
        self.BadRequest = find("google.rpc.BadRequest")
        self.RpcStatus = find("google.rpc.Status")
        self.HealthRequest = find("grpc.health.v1.HealthCheckRequest")
        self.HealthReply = find("grpc.health.v1.HealthCheckResponse")
        self.target = target
        self.channel = grpc.insecure_channel(target, options=BIG)

    def call(self, kind, method, channel=None, path=SERVICE, request=None, reply=None):
        make = getattr(channel or self.channel, kind)
        return make(path + method, request_serializer=lambda m: m.SerializeToString(), response_deserializer=(reply or self.Reply).FromString)

    def say(self, channel=None):
        return self.call("unary_unary", "Say", channel)


def pairs(metadata):
    """Metadata as a list of [name, value], bytes in base64."""
    return [[k, base64.b64encode(v).decode() if isinstance(v, bytes) else v] for k, v in (metadata or [])]


def failure(call_or_error):
    return {"code": call_or_error.code().name, "details": call_or_error.details(), "trailers": pairs(call_or_error.trailing_metadata())}


def attempt(run):
    """The outcome of a call: its result, or its status; and how long it took."""
    began = time.monotonic()
    try:
        answer = {"code": "OK", "result": run()}
    except grpc.RpcError as error:
        answer = failure(error)
    answer["seconds"] = time.monotonic() - began
    return answer


def unary(c, text="", size=0, act="", count=0, status=0, timeout=20, metadata=(), compression=None):
    def run():
        how = {None: None, "gzip": grpc.Compression.Gzip, "deflate": grpc.Compression.Deflate}[compression]
        reply, call = c.say().with_call(
            c.Request(text=text, payload=bytes(size), act=act, count=count, status=status), timeout=timeout,
            metadata=[(k, base64.b64decode(v) if k.endswith("-bin") else v) for k, v in metadata], compression=how)
        return {"text": reply.text, "size": len(reply.payload), "bytes_seen": reply.bytes_seen, "seen": dict(reply.seen),
                "initial": pairs(call.initial_metadata()), "trailing": pairs(call.trailing_metadata()), "code": call.code().name, "details": call.details()}
    return attempt(run)


def collect(c, messages, size, timeout=30, acts=None):
    sent = 0

    def requests():
        nonlocal sent
        for i in range(messages):
            yield c.Request(text="x", payload=bytes(size), act=(acts or {}).get(str(i), ""))
            sent += 1

    def run():
        reply = c.call("stream_unary", "Collect")(requests(), timeout=timeout)
        return {"messages_seen": reply.messages_seen, "bytes_seen": reply.bytes_seen}
    answer = attempt(run)
    answer["sent"] = sent
    return answer


def expand(c, count, act="", status=0, size=0, timeout=30):
    numbers = []

    def run():
        for reply in c.call("unary_stream", "Expand")(c.Request(count=count, act=act, status=status, payload=bytes(size)), timeout=timeout):
            numbers.append(reply.text or reply.messages_seen)
    answer = attempt(run)
    answer["numbers"] = numbers
    return answer


def chat(c, rounds, metadata=()):
    """Sends each message only after the answer to the one before."""
    turn = threading.Semaphore(1)
    answers = []

    def requests():
        for i in range(rounds):
            turn.acquire()
            yield c.Request(text=str(i))

    def run():
        for reply in c.call("stream_stream", "Chat")(requests(), timeout=30, metadata=list(metadata)):
            answers.append(reply.text)
            turn.release()
    answer = attempt(run)
    answer["answers"] = answers
    return answer


def cancel_stream(c, count):
    """Reads some messages of a stream that would go on, then cancels."""
    call = c.call("unary_stream", "Expand")(c.Request(count=count, act="wait"), timeout=30)
    read = [next(call).messages_seen for _ in range(count)]
    call.cancel()
    return {"read": read, "code": call.code().name}


def cancel_unread_flood(c, size, seconds):
    """Leaves a flood unread, so that flow control holds the server back, then cancels."""
    call = c.call("unary_stream", "Expand")(c.Request(act="flood", payload=bytes(size)), timeout=30)
    next(call)
    time.sleep(seconds)
    call.cancel()
    return {"code": call.code().name}


def rich(c):
    answer = unary(c, act="rich")
    details = next(base64.b64decode(v) for k, v in answer["trailers"] if k == "grpc-status-details-bin")
    status = c.RpcStatus.FromString(details)
    violation = c.BadRequest.FromString(status.details[0].value).field_violations[0]
    return {"code": answer["code"], "details": answer["details"], "inner_code": status.code, "type": status.details[0].type_url,
            "field": violation.field, "description": violation.description}


def unknown(c, path):
    def run():
        c.call("unary_unary", "", path=path)(c.Request(), timeout=10)
    return attempt(run)


async def parallel(c, streams):
    """Opens all streams on one connection before any is used, then makes each answer."""
    async with grpc.aio.insecure_channel(c.target) as channel:
        make = channel.stream_stream(SERVICE + "Chat", request_serializer=lambda m: m.SerializeToString(), response_deserializer=c.Reply.FromString)
        calls = [make(timeout=30) for _ in range(streams)]
        for i, call in enumerate(calls):
            await call.write(c.Request(text=str(i)))
        texts = await asyncio.gather(*(call.read() for call in calls))
        for call in calls:
            await call.done_writing()
        ends = await asyncio.gather(*(call.code() for call in calls))
        return {"right": sum(t.text == str(i) for i, t in enumerate(texts)), "ok": sum(e == grpc.StatusCode.OK for e in ends)}


def health(c, service):
    check = c.call("unary_unary", "Check", path="/grpc.health.v1.Health/", reply=c.HealthReply)
    return attempt(lambda: check(c.HealthRequest(service=service), timeout=10).status)


def health_watch(c, service, changes):
    watch = c.call("unary_stream", "Watch", path="/grpc.health.v1.Health/", reply=c.HealthReply)(c.HealthRequest(service=service), timeout=20)
    read = []

    def run():
        for reply in watch:
            read.append(reply.status)
            if len(read) == changes:
                return
    answer = attempt(run)
    watch.cancel()
    answer["read"] = read
    return answer


def keep(c, act):
    """Begins a duplex call and answers at once; the outcome is asked for later with kept()."""
    def requests():
        yield c.Request(text="first")
        yield c.Request(act=act)
        while not c.kept_done.wait(0.05):
            pass
    c.kept_done = threading.Event()
    c.kept = c.call("stream_stream", "Chat")(requests(), timeout=30)
    return next(c.kept).text


def kept(c):
    try:
        answer = attempt(lambda: [r.text for r in c.kept])
    finally:
        c.kept_done.set()
    return answer


COMMANDS = {f.__name__: f for f in (unary, collect, expand, chat, cancel_stream, cancel_unread_flood, rich, unknown, parallel, health, health_watch, keep, kept)}

if __name__ == "__main__":
    asyncio.run(peer.serve_commands(COMMANDS, Context(sys.argv[1], sys.argv[2])))
