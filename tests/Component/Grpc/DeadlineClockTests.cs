using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>Deadlines follow the injected clock on both sides, however long they are.</summary>
public sealed class DeadlineClockTests
{
    private const int Limit = 30_000;

    [Fact(Timeout = Limit)]
    public async Task The_server_counts_by_its_own_clock()
    {
        var time = new SteppedTime();
        await using var host = await ProbeHost.StartAsync(services: s => s.AddSingleton<TimeProvider>(time));
        using var raw = new RawGrpc(host.Grpc);
        var timersOfTheHost = time.Timers;
        var answer = raw.PostAsync(RawGrpc.Say, RawGrpc.Frame(new ProbeRequest { Act = "wait" }), headers: ("grpc-timeout", "1H"));
        await host.Journal.WaitForAsync("Say began");
        time.Timers.ShouldBe(timersOfTheHost + 1);
        time.Step(TimeSpan.FromMinutes(59.9));
        host.Journal.Lines.ShouldBe(["Say began"]);
        time.Step(TimeSpan.FromMinutes(0.1));
        (await answer).Status.ShouldBe(StatusCode.DeadlineExceeded);
        await host.Journal.WaitForAsync("Say cancelled");
        time.Timers.ShouldBe(timersOfTheHost);
    }

    [Theory(Timeout = Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_its_client_does_not_read_ends_in_order_if_it_is_read_soon_and_is_reset_if_not(bool soon)
    {
        var time = new SteppedTime();
        await using var host = await ProbeHost.StartAsync(services: s => s.AddSingleton<TimeProvider>(time));
        using var raw = new RawGrpc(host.Grpc);
        var timersOfTheHost = time.Timers;
        var flood = RawGrpc.Frame(new ProbeRequest { Act = "flood", Payload = ByteString.CopyFrom(new byte[100_000]) });
        using var response = await raw.SendAsync(RawGrpc.Expand, new ByteArrayContent(flood), headers: ("grpc-timeout", "1M"));
        await host.Journal.WaitForAsync("Flood is held back");
        time.Step(TimeSpan.FromMinutes(1));
        await host.Journal.WaitForAsync("Flood ended");

        await using var stream = await response.Content.ReadAsStreamAsync();
        if (soon)
        {
            await stream.CopyToAsync(Stream.Null).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
            response.TrailingHeaders.GetValues("grpc-status").ShouldBe(["4"]);
        }
        else
        {
            time.Timers.ShouldBe(timersOfTheHost + 1, "it waits for the client");
            time.Step(TimeSpan.FromSeconds(1));
            await host.Journal.WaitForAsync("Flood ended");
            while (time.Timers > timersOfTheHost) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            await Should.ThrowAsync<IOException>(stream.CopyToAsync(Stream.Null).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System));
        }

        (await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame(new ProbeRequest()))).Status.ShouldBe(StatusCode.OK, "the connection lives on");
    }

    [Fact(Timeout = Limit)]
    public async Task The_client_counts_by_its_channels_clock_and_a_deadline_beyond_the_longest_timer_holds()
    {
        await using var host = await ProbeHost.StartAsync();
        var time = new SteppedTime();
        using var channel = host.Channel(new GrpcChannelOptions { TimeProvider = time });
        var call = new Probe.ProbeClient(channel).SayAsync(new ProbeRequest { Act = "wait" }, deadline: time.GetUtcNow().UtcDateTime.AddDays(100));
        await host.Journal.WaitForAsync("Say began");
        for (var day = 0; day < 99; day += 33)
        {
            time.Step(TimeSpan.FromDays(33));
            call.ResponseAsync.IsCompleted.ShouldBeFalse();
        }

        time.Step(TimeSpan.FromDays(1));
        (await Should.ThrowAsync<RpcException>(call.ResponseAsync)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        time.Timers.ShouldBe(0);
        await host.Journal.WaitForAsync("Say cancelled");
    }

    [Fact(Timeout = Limit)]
    public async Task A_deadline_that_is_not_UTC_is_refused_and_the_extremes_mean_never_and_now()
    {
        await using var host = await ProbeHost.StartAsync();
        using var channel = host.Channel();
        var client = new Probe.ProbeClient(channel);
        Should.Throw<InvalidOperationException>(() => client.SayAsync(new ProbeRequest(), deadline: new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Local)));
        (await client.SayAsync(new ProbeRequest { Text = "x" }, deadline: DateTime.MaxValue)).Text.ShouldBe("x");
        (await Should.ThrowAsync<RpcException>(client.SayAsync(new ProbeRequest(), deadline: DateTime.MinValue).ResponseAsync)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        (await Should.ThrowAsync<RpcException>(client.SayAsync(new ProbeRequest(), cancellationToken: new CancellationToken(canceled: true)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Cancelled);
    }
}
