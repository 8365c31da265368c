"""What the two Python peers share: message classes from a descriptor set, and a loop that answers one JSON line per JSON line."""
import asyncio
import json
import sys
import traceback

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def messages(path):
    """Message classes by full name, from a file holding a FileDescriptorSet whose files follow what they import."""
    pool = descriptor_pool.DescriptorPool()
    with open(path, "rb") as source:
        files = descriptor_pb2.FileDescriptorSet.FromString(source.read())
    for file in files.file:
        pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return lambda name: factory.GetPrototype(pool.FindMessageTypeByName(name))


def say(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


async def serve_commands(commands, context):
    """Runs the command each line names, until the input ends. An exception is an answer too: the test that asked fails with it."""
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            return
        question = json.loads(line)
        try:
            result = commands[question["command"]](context, **question.get("args", {}))
            if asyncio.iscoroutine(result):
                result = await result
            say({"ok": result})
        except Exception:
            say({"error": traceback.format_exc()})
