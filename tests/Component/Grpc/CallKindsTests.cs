using Google.Protobuf;
using Grpc.Core;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>Our client against our server; the foreign tests prove each against somebody else's.</summary>
public sealed class CallKindsTests
{
    [Fact(Timeout = 30_000)]
    public async Task Unary_echoes()
    {
        await using var host = await ProbeHost.StartAsync();
        using var channel = host.Channel();
        var reply = await new Probe.ProbeClient(channel).SayAsync(new ProbeRequest { Text = "你好", Payload = ByteString.CopyFrom(1, 2, 3) });
        reply.Text.ShouldBe("你好");
        reply.BytesSeen.ShouldBe(3);
    }

    [Fact(Timeout = 30_000)]
    public async Task Client_stream_is_collected()
    {
        await using var host = await ProbeHost.StartAsync();
        using var channel = host.Channel();
        using var call = new Probe.ProbeClient(channel).Collect();
        for (var i = 0; i < 1000; i++) await call.RequestStream.WriteAsync(new ProbeRequest { Text = "x", Payload = ByteString.CopyFrom(new byte[100]) });
        await call.RequestStream.CompleteAsync();
        var reply = await call;
        reply.MessagesSeen.ShouldBe(1000);
        reply.BytesSeen.ShouldBe(100_000);
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    [Fact(Timeout = 30_000)]
    public async Task Server_stream_arrives_in_order()
    {
        await using var host = await ProbeHost.StartAsync();
        using var channel = host.Channel();
        using var call = new Probe.ProbeClient(channel).Expand(new ProbeRequest { Text = "n", Count = 1000 });
        var numbers = new List<int>();
        await foreach (var reply in call.ResponseStream.ReadAllAsync()) numbers.Add(reply.MessagesSeen);
        numbers.ShouldBe(Enumerable.Range(0, 1000));
    }

    [Fact(Timeout = 30_000)]
    public async Task Duplex_answers_each_message_before_the_next_is_sent()
    {
        await using var host = await ProbeHost.StartAsync();
        using var channel = host.Channel();
        using var call = new Probe.ProbeClient(channel).Chat();
        for (var i = 1; i <= 200; i++)
        {
            await call.RequestStream.WriteAsync(new ProbeRequest { Text = $"{i}" });
            (await call.ResponseStream.MoveNext(default)).ShouldBeTrue();
            call.ResponseStream.Current.Text.ShouldBe($"{i}");
        }

        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext(default)).ShouldBeFalse();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }
}
