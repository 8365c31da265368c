"""A gRPC server that nobody here wrote (grpcio), for tests of our client. Argument: descriptor set. Says its port, then what it noted when asked."""
import asyncio
import sys

import grpc

import peer

BIG = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.max_metadata_size", 65536)]


class Service:
    def __init__(self, descriptors):
        find = peer.messages(descriptors)
        self.Request = find("kal.probe.v1.ProbeRequest")
        self.Reply = find("kal.probe.v1.ProbeReply")
        self.BadRequest = find("google.rpc.BadRequest")
        self.RpcStatus = find("google.rpc.Status")
        self.notes = []

    async def wait(self, name):
        self.notes.append(f"{name} began")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.notes.append(f"{name} cancelled")
            raise

    async def say(self, request, context):
        if request.act == "headers":
            await context.send_initial_metadata((("x-early", "hello"), ("x-early-bin", bytes([0, 1, 255]))))
            context.set_trailing_metadata((("x-late", "bye"), ("x-late-bin", bytes([254, 0])), ("x-late", "bye again")))
            reply = self.Reply(text="seen")
            for key, value in context.invocation_metadata():
                shown = value.hex().upper() if isinstance(value, bytes) else value
                reply.seen[key] = reply.seen[key] + "|" + shown if key in reply.seen else shown
            return reply
        if request.act == "status":
            code = next(c for c in grpc.StatusCode if c.value[0] == request.status)
            await context.abort(code, request.text, (("x-why", "because"),))
        if request.act == "rich":
            violation = self.BadRequest(field_violations=[{"field": "waybill", "description": "is empty"}])
            status = self.RpcStatus(code=3, message="not valid")
            status.details.add().Pack(violation)
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "not valid", (("grpc-status-details-bin", status.SerializeToString()),))
        if request.act == "wait":
            await self.wait("say")
        if request.act == "deadline":
            return self.Reply(text=str(context.time_remaining()))
        if request.act == "big":
            return self.Reply(payload=bytes(request.count))
        if request.act == "gzip":
            context.set_compression(grpc.Compression.Gzip)
            return self.Reply(payload=bytes(request.count))
        if request.act == "throw":
            raise ValueError("in the handler")
        return self.Reply(text=request.text, payload=request.payload, bytes_seen=len(request.payload), messages_seen=1)

    async def collect(self, requests, context):
        reply = self.Reply()
        async for request in requests:
            reply.messages_seen += 1
            reply.bytes_seen += len(request.payload)
            if request.act == "stop":
                await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "enough")
            if request.act == "answer":
                return reply
        return reply

    async def expand(self, request, context):
        for i in range(request.count):
            yield self.Reply(messages_seen=i, payload=request.payload)
        if request.act == "wait":
            await self.wait("expand")
        if request.act == "status":
            await context.abort(grpc.StatusCode.ABORTED, "after the messages", (("x-why", "because"),))
        if request.act == "flood":
            sent = 0
            try:
                while True:
                    yield self.Reply(payload=request.payload)
                    sent += 1
            finally:
                self.notes.append(f"flood ended after {sent}")

    async def chat(self, requests, context):
        seen = 0
        async for request in requests:
            seen += 1
            if request.act == "end":
                return
            if request.act == "wait":
                await self.wait("chat")
            yield self.Reply(text=request.text, messages_seen=seen)


def handlers(service):
    serialize = lambda m: m.SerializeToString()
    parse = service.Request.FromString
    return grpc.method_handlers_generic_handler("kal.probe.v1.Probe", {
        "Say": grpc.unary_unary_rpc_method_handler(service.say, parse, serialize),
        "Collect": grpc.stream_unary_rpc_method_handler(service.collect, parse, serialize),
        "Expand": grpc.unary_stream_rpc_method_handler(service.expand, parse, serialize),
        "Chat": grpc.stream_stream_rpc_method_handler(service.chat, parse, serialize),
    })


async def stop(context, grace):
    service, server = context
    await server.stop(grace)


COMMANDS = {"notes": lambda context: context[0].notes, "stop": stop}


async def main():
    service = Service(sys.argv[1])
    server = grpc.aio.server(options=BIG)
    server.add_generic_rpc_handlers((handlers(service),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    peer.say({"ok": port})
    await peer.serve_commands(COMMANDS, (service, server))
    await server.stop(0)

if __name__ == "__main__":
    asyncio.run(main())
