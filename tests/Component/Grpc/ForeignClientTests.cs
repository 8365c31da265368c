using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Grpc.Core;
using KeyAccountLogistics.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>grpcio, which nobody here wrote, as client of our server.</summary>
public sealed class ForeignClientTests
{
    private const string Needs = PythonPeer.NeedsGrpcio;
    private const int Limit = 90_000;

    private static PythonPeer ClientOf(ProbeHost host) => PythonPeer.Start("probe_client.py", $"127.0.0.1:{host.Grpc.Port}");

    private static string Code(JsonElement answer) => answer.GetProperty("code").GetString()!;

    private static string Details(JsonElement answer) => answer.GetProperty("details").GetString()!;

    private static string[] Values(JsonElement pairs, string name) => [.. pairs.EnumerateArray().Where(p => p[0].GetString() == name).Select(p => p[1].GetString()!)];

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task All_four_kinds_of_call_work()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);

        var unary = (await client.AskAsync("unary", new { text = "称重 ok", size = 10 })).GetProperty("result");
        unary.GetProperty("text").GetString().ShouldBe("称重 ok");
        unary.GetProperty("bytes_seen").GetInt32().ShouldBe(10);

        var collected = (await client.AskAsync("collect", new { messages = 2000, size = 50 })).GetProperty("result");
        collected.GetProperty("messages_seen").GetInt32().ShouldBe(2000);
        collected.GetProperty("bytes_seen").GetInt32().ShouldBe(100_000);

        var expanded = await client.AskAsync("expand", new { count = 2000 });
        Code(expanded).ShouldBe("OK");
        expanded.GetProperty("numbers").EnumerateArray().Select(n => n.GetInt32()).ShouldBe(Enumerable.Range(0, 2000));

        var chat = await client.AskAsync("chat", new { rounds = 200, metadata = new[] { new[] { "x-farewell", "goodbye" } } });
        Code(chat).ShouldBe("OK");
        chat.GetProperty("answers").EnumerateArray().Select(a => a.GetString()).ShouldBe([.. Enumerable.Range(0, 200).Select(i => i.ToString(CultureInfo.InvariantCulture)), "goodbye"]);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task A_stream_without_messages_ends_with_OK()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        var none = await client.AskAsync("expand", new { count = 0 });
        Code(none).ShouldBe("OK");
        none.GetProperty("numbers").GetArrayLength().ShouldBe(0);
        (await client.AskAsync("collect", new { messages = 0, size = 0 })).GetProperty("result").GetProperty("messages_seen").GetInt32().ShouldBe(0);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Metadata_passes_both_ways_with_bytes_and_repeated_names()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        var bytes = new byte[] { 0, 1, 2, 255, 254 };
        var answer = (await client.AskAsync("unary", new
        {
            act = "headers",
            metadata = new[] { new[] { "x-plain", "one" }, ["x-plain", "two"], ["x-raw-bin", Convert.ToBase64String(bytes)], ["authorization", "Bearer t"] },
        })).GetProperty("result");

        var seen = answer.GetProperty("seen");
        seen.GetProperty("x-plain").GetString().ShouldBe("one|two");
        seen.GetProperty("x-raw-bin").GetString().ShouldBe(Convert.ToHexString(bytes));
        seen.GetProperty("authorization").GetString().ShouldBe("Bearer t");
        seen.GetProperty("user-agent").GetString().ShouldNotBeNull().ShouldStartWith("grpc-python");
        seen.GetProperty("peer").GetString().ShouldNotBeNull().ShouldStartWith("ipv4:127.0.0.1:");
        foreach (var reserved in new[] { "te", "content-type", "grpc-timeout", "grpc-accept-encoding", "grpc-encoding", "accept-encoding", ":path" })
        {
            seen.TryGetProperty(reserved, out _).ShouldBeFalse($"{reserved} belongs to the protocol");
        }

        var initial = answer.GetProperty("initial");
        Values(initial, "x-early").ShouldBe(["hello"]);
        Convert.FromBase64String(Values(initial, "x-early-bin").Single()).ShouldBe([0, 1, 255]);
        var trailing = answer.GetProperty("trailing");
        Values(trailing, "x-late").ShouldBe(["bye", "bye again"]);
        Convert.FromBase64String(Values(trailing, "x-late-bin").Single()).ShouldBe([254, 0]);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Every_status_code_arrives_with_its_text_and_trailers()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        const string text = "超重 100%\nlimit: 0.04 kg \u007f €";
        for (var code = 1; code <= 16; code++)
        {
            var answer = await client.AskAsync("unary", new { act = "status", status = code, text });
            Code(answer).Replace("_", "", StringComparison.Ordinal).ShouldBe(((StatusCode)code).ToString(), StringCompareShould.IgnoreCase);
            Details(answer).ShouldBe(text);
            Values(answer.GetProperty("trailers"), "x-why").ShouldBe(["because"]);
            Values(answer.GetProperty("trailers"), "x-extra").ShouldBe(["more"]);
        }
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task A_status_after_messages_comes_as_trailers()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        var answer = await client.AskAsync("expand", new { count = 3, act = "status", status = (int)StatusCode.Aborted });
        answer.GetProperty("numbers").GetArrayLength().ShouldBe(3);
        Code(answer).ShouldBe("ABORTED");
        Details(answer).ShouldBe("after the messages");
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task A_status_set_on_the_context_is_what_the_call_ends_with()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        var answer = await client.AskAsync("unary", new { act = "set-status" });
        Code(answer).ShouldBe("FAILED_PRECONDITION");
        Details(answer).ShouldBe("set, not thrown");
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Status_details_name_the_offending_field()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        var answer = await client.AskAsync("rich");
        Code(answer).ShouldBe("INVALID_ARGUMENT");
        Details(answer).ShouldBe("体积 not given");
        answer.GetProperty("inner_code").GetInt32().ShouldBe(3);
        answer.GetProperty("type").GetString().ShouldBe("type.googleapis.com/google.rpc.BadRequest");
        answer.GetProperty("field").GetString().ShouldBe("waybill");
        answer.GetProperty("description").GetString().ShouldBe("is empty");
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task An_exception_in_a_handler_is_UNKNOWN_and_tells_nothing()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        var answer = await client.AskAsync("unary", new { act = "throw" });
        Code(answer).ShouldBe("UNKNOWN");
        Details(answer).ShouldBe("Exception was thrown by handler.");
        Code(await client.AskAsync("expand", new { count = 2, act = "throw" })).ShouldBe("UNKNOWN");
        host.Errors.Count.ShouldBe(2);
        host.Errors.ShouldAllBe(e => e.StartsWith("Grpc.AspNetCore.Server 903"));
        host.Errors.Clear();
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Detailed_errors_are_told_where_they_are_enabled()
    {
        await using var host = await ProbeHost.StartAsync(o => o.EnableDetailedErrors = true);
        await using var client = ClientOf(host);
        Details(await client.AskAsync("unary", new { act = "throw" })).ShouldBe("Exception was thrown by handler. InvalidOperationException: the secret of the house");
        host.Errors.Clear();
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Trailers_that_cannot_be_sent_are_INTERNAL_and_logged()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        Code(await client.AskAsync("unary", new { act = "bad-trailer" })).ShouldBe("INTERNAL");
        host.Errors.Single().ShouldStartWith("Grpc.AspNetCore.Server 909");
        host.Errors.Clear();
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task A_handler_that_returns_nothing_ends_with_CANCELLED_as_upstream()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        var answer = await client.AskAsync("unary", new { act = "null" });
        Code(answer).ShouldBe("CANCELLED");
        Details(answer).ShouldBe("No message returned from method.");
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Unknown_methods_and_services_are_UNIMPLEMENTED()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        Code(await client.AskAsync("unknown", new { path = "/kal.probe.v1.Probe/Shout" })).ShouldBe("UNIMPLEMENTED");
        Code(await client.AskAsync("unknown", new { path = "/kal.probe.v1.Absent/Ask" })).ShouldBe("UNIMPLEMENTED");
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task The_deadline_ends_the_call_and_the_handler_knows_it()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        var answer = await client.AskAsync("unary", new { act = "wait", timeout = 0.3 });
        Code(answer).ShouldBe("DEADLINE_EXCEEDED");
        answer.GetProperty("seconds").GetDouble().ShouldBeInRange(0.25, 5);
        await host.Journal.WaitForAsync("Say cancelled");

        var before = TimeProvider.System.GetUtcNow();
        var told = (await client.AskAsync("unary", new { act = "deadline", timeout = 10 })).GetProperty("result").GetProperty("text").GetString()!;
        var deadline = DateTime.Parse(told, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        (deadline - before.UtcDateTime).TotalSeconds.ShouldBeInRange(9, 15);
        var never = (await client.AskAsync("unary", new { act = "deadline", timeout = (double?)null })).GetProperty("result").GetProperty("text").GetString()!;
        DateTime.Parse(never, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).ShouldBe(DateTime.MaxValue);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Cancelling_reaches_the_handler()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        var answer = await client.AskAsync("cancel_stream", new { count = 3 });
        answer.GetProperty("read").GetArrayLength().ShouldBe(3);
        Code(answer).ShouldBe("CANCELLED");
        await host.Journal.WaitForAsync("Expand cancelled");
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task A_client_that_does_not_read_holds_the_server_back_and_can_still_cancel()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        Code(await client.AskAsync("cancel_unread_flood", new { size = 100_000, seconds = 1 })).ShouldBe("CANCELLED");
        var line = await host.Journal.WaitForAsync("Flood ended after ");
        // 20 MB is more than both sides buffer; unhindered, a second makes gigabytes.
        int.Parse(line["Flood ended after ".Length..], CultureInfo.InvariantCulture).ShouldBeLessThan(200);
        Code(await client.AskAsync("unary", new { text = "still here" })).ShouldBe("OK");
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Messages_over_the_limit_are_RESOURCE_EXHAUSTED_and_at_the_limit_pass()
    {
        await using var host = await ProbeHost.StartAsync(o =>
        {
            o.MaxReceiveMessageSize = 1000;
            o.MaxSendMessageSize = 2000;
        });
        await using var client = ClientOf(host);
        // A payload field costs a tag and a length of two bytes beside its bytes.
        Code(await client.AskAsync("unary", new { size = 997 })).ShouldBe("OK");
        var over = await client.AskAsync("unary", new { size = 998 });
        Code(over).ShouldBe("RESOURCE_EXHAUSTED");
        Details(over).ShouldBe("Received message of 1001 bytes exceeds the maximum configured message size of 1000 bytes.");
        Code(await client.AskAsync("unary", new { act = "big", count = 1990 })).ShouldBe("OK");
        Code(await client.AskAsync("unary", new { act = "big", count = 2000 })).ShouldBe("RESOURCE_EXHAUSTED");
        Code(await client.AskAsync("unary", new { size = 500_000, compression = "gzip" })).ShouldBe("RESOURCE_EXHAUSTED");
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Three_megabytes_are_echoed_and_forty_collected()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        (await client.AskAsync("unary", new { size = 3_000_000 })).GetProperty("result").GetProperty("size").GetInt32().ShouldBe(3_000_000);
        var collected = (await client.AskAsync("collect", new { messages = 400, size = 100_000 })).GetProperty("result");
        collected.GetProperty("bytes_seen").GetInt64().ShouldBe(40_000_000);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Five_hundred_streams_on_one_connection_are_all_served()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        var answer = await client.AskAsync("parallel", new { streams = 500 });
        answer.GetProperty("right").GetInt32().ShouldBe(500);
        answer.GetProperty("ok").GetInt32().ShouldBe(500);
    }

    [RequiresProgramTheory(Needs, Timeout = Limit)]
    [InlineData("stop", "FAILED_PRECONDITION")]
    [InlineData("answer", "OK")]
    public async Task An_early_end_stops_a_client_that_is_still_sending(string act, string code)
    {
        await using var host = await ProbeHost.StartAsync();
        await using var client = ClientOf(host);
        var answer = await client.AskAsync("collect", new { messages = 100_000, size = 1000, acts = new Dictionary<string, string>(StringComparer.Ordinal) { ["2"] = act } });
        Code(answer).ShouldBe(code);
        answer.GetProperty("sent").GetInt32().ShouldBeLessThan(100_000);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Gzip_is_understood_and_used_when_the_client_accepts_it()
    {
        await using var host = await ProbeHost.StartAsync(o =>
        {
            o.ResponseCompressionAlgorithm = "gzip";
            o.ResponseCompressionLevel = CompressionLevel.Optimal;
        });
        await using var client = ClientOf(host);
        (await client.AskAsync("unary", new { size = 1_000_000, compression = "gzip" })).GetProperty("result").GetProperty("size").GetInt32().ShouldBe(1_000_000);
        (await client.AskAsync("unary", new { size = 1000 })).GetProperty("result").GetProperty("size").GetInt32().ShouldBe(1000);
        (await client.AskAsync("expand", new { count = 100, size = 1000 })).GetProperty("numbers").GetArrayLength().ShouldBe(100);

        var deflate = await client.AskAsync("unary", new { size = 1000, compression = "deflate" });
        Code(deflate).ShouldBe("UNIMPLEMENTED");
        Values(deflate.GetProperty("trailers"), "grpc-accept-encoding").ShouldBeEmpty("the client keeps it to itself");
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task The_health_service_answers_and_tells_changes()
    {
        var sick = false;
        await using var host = await ProbeHost.StartAsync(
            services: s => s.AddGrpcHealthChecks(o => o.Services.Map("kal.probe.v1.Probe", c => c.Tags.Contains("probe", StringComparer.Ordinal)))
                .AddCheck("probe", () => sick ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy(), ["probe"])
                .AddCheck("other", () => HealthCheckResult.Degraded(), []),
            map: app => app.MapGrpcHealthChecksService());
        await using var client = ClientOf(host);
        await using var watcher = ClientOf(host);

        const int serving = 1, notServing = 2, serviceUnknown = 3;
        (await client.AskAsync("health", new { service = "" })).GetProperty("result").GetInt32().ShouldBe(serving);
        Code(await client.AskAsync("health", new { service = "nobody" })).ShouldBe("NOT_FOUND");
        (await client.AskAsync("health_watch", new { service = "nobody", changes = 1 })).GetProperty("read")[0].GetInt32().ShouldBe(serviceUnknown);

        var watch = watcher.AskAsync("health_watch", new { service = "kal.probe.v1.Probe", changes = 2 });
        sick = true;
        var checks = host.Services.GetRequiredService<HealthCheckService>();
        var board = host.Services.GetServices<IHealthCheckPublisher>().Single();
        while (!watch.IsCompleted)
        {
            // What the framework's timer does every 30 s.
            await board.PublishAsync(await checks.CheckHealthAsync(), default);
            await Task.WhenAny(watch, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System));
            sick = !sick;
        }

        (await watch).GetProperty("read").EnumerateArray().Select(s => s.GetInt32()).Order().ShouldBe([serving, notServing]);
        sick = true;
        (await client.AskAsync("health", new { service = "kal.probe.v1.Probe" })).GetProperty("result").GetInt32().ShouldBe(notServing);
        (await client.AskAsync("health", new { service = "" })).GetProperty("result").GetInt32().ShouldBe(notServing);
        host.Errors.ShouldAllBe(e => e.StartsWith("Microsoft.Extensions.Diagnostics.HealthChecks"));
        host.Errors.Clear();
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task A_stopping_server_lets_streams_end_in_order_and_ends_the_others_with_UNAVAILABLE()
    {
        await using var host = await ProbeHost.StartAsync(services: s => s.Configure<global::Grpc.Hosting.GrpcDrainOptions>(o => o.StreamGrace = TimeSpan.FromMilliseconds(500)));
        await using var orderly = ClientOf(host);
        await using var deaf = ClientOf(host);

        var expand = orderly.AskAsync("expand", new { count = 1, act = "until-stop" });
        (await deaf.AskAsync("keep", new { act = "wait" })).GetString().ShouldBe("first");
        await host.Journal.WaitForAsync("Expand began");
        await host.Journal.WaitForAsync("Chat began");
        var stop = host.StopAsync();

        var ended = await expand;
        Code(ended).ShouldBe("UNAVAILABLE");
        Details(ended).ShouldBe("closing in order");
        ended.GetProperty("numbers")[1].GetString().ShouldBe("last words");

        var drained = await deaf.AskAsync("kept");
        Code(drained).ShouldBe("UNAVAILABLE");
        Details(drained).ShouldBe("The server is stopping.");
        await stop.WaitAsync(TimeSpan.FromSeconds(8), TimeProvider.System);
    }
}
