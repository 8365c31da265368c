using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Hosting;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Server;

public sealed partial class HostTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/index.html")]
    [InlineData("/parcels/8600")]
    public async Task The_page_has_a_fresh_nonce_in_its_policy_and_in_its_meta_element(string path)
    {
        using var web = new WebFolder();
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite, options => options with { WebRoot = web.Path });
        using var http = new HttpClient { BaseAddress = backend.Pages };
        var nonces = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            using var response = await http.GetAsync(path);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            var nonce = NonceOf().Match(policy).Groups[1].Value;
            nonces.Add(nonce).ShouldBeTrue("a nonce is used once");
            (await response.Content.ReadAsStringAsync()).ShouldContain($"content=\"{nonce}\"");
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        }
    }

    [Fact]
    public async Task Built_files_are_served_for_ever_and_revalidated_cheaply_and_nothing_outside_the_folder()
    {
        using var web = new WebFolder();
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite, options => options with { WebRoot = web.Path });
        using var http = new HttpClient { BaseAddress = backend.Pages };
        using var asset = await http.GetAsync("/assets/app-1a2b.js");
        (await asset.Content.ReadAsStringAsync()).ShouldBe("console.log(1)");
        asset.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        asset.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromDays(365));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/assets/app-1a2b.js");
        again.Headers.IfNoneMatch.Add(asset.Headers.ETag!);
        using var unchanged = await http.SendAsync(again);
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        foreach (var path in new[] { "/assets/missing.js", "/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt" })
        {
            using var missing = await http.GetAsync(path);
            (await missing.Content.ReadAsStringAsync()).ShouldNotContain("not for you");
        }
    }

    [Fact]
    public async Task Without_built_pages_the_server_says_how_to_build_them()
    {
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite, options => options with { WebRoot = "/nowhere" });
        using var http = new HttpClient { BaseAddress = backend.Pages };
        using var response = await http.GetAsync("/");
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Content.ReadAsStringAsync()).ShouldContain("deploy/build.sh");
    }

    [Fact]
    public async Task Health_is_told_to_load_balancers_and_to_grpc_clients()
    {
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite);
        using var http = new HttpClient { BaseAddress = backend.Pages };
        (await http.GetStringAsync("/healthz")).ShouldBe("Healthy");
        var health = await new Health.HealthClient(backend.Anonymous()).CheckAsync(new HealthCheckRequest());
        health.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
    }

    [Fact]
    public async Task Grpc_answers_carry_no_page_headers()
    {
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite);
        using var call = new SignIn.SignInClient(backend.Anonymous()).WhoAmIAsync(new WhoAmIRequest());
        await Should.ThrowAsync<RpcException>(call.ResponseAsync);
        call.GetTrailers().Get("content-security-policy").ShouldBeNull();
    }

    [Fact]
    public async Task With_a_certificate_pages_and_gRPC_share_one_TLS_port()
    {
        using var certificate = SelfMadeCertificate.ForLocalhost(TimeProvider.System);
        await using var backend = await BackendFixture.StartAsync(Engine.Sqlite, options => options with { Certificate = certificate, Urls = "https://127.0.0.1:0" });
        backend.Pages.ShouldBe(backend.Grpc);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetCertHashString() == certificate.GetCertHashString();
        using var channel = GrpcChannel.ForAddress(backend.Grpc, new GrpcChannelOptions { HttpHandler = handler });
        var reply = await new SignIn.SignInClient(channel).WithPasswordAsync(new PasswordSignInRequest { Name = BackendFixture.NameOf(Roles.Finance), Password = BackendFixture.Password });
        reply.Session.ShouldNotBeNull();
        using var http = new HttpClient(handler, disposeHandler: false) { BaseAddress = backend.Pages };
        (await http.GetStringAsync("/healthz")).ShouldBe("Healthy");
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var database = await TestDatabase.CreateAsync(Engine.Sqlite);
        await using var host = BackendHost.Build(Options(database) with { Urls = $"http://127.0.0.1:{port}" });
        var refused = await Should.ThrowAsync<StartupException>(host.StartAsync());
        refused.Message.ShouldContain($"127.0.0.1:{port}");
        refused.Message.ShouldContain("--urls");
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_named_with_what_to_do()
    {
        await using var database = await TestDatabase.CreateAsync(Engine.Sqlite);
        var nowhere = Database.Parse("postgres://kal:secret@127.0.0.1:1/kal?connect_timeout=2").Value;
        await using var host = BackendHost.Build(Options(database) with { Database = nowhere });
        var refused = await Should.ThrowAsync<StartupException>(host.StartAsync());
        refused.Message.ShouldContain("127.0.0.1:1/kal");
        refused.Message.ShouldContain("PostgreSQL");
        refused.Message.ShouldNotContain("secret");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_database_of_a_newer_program_is_refused(Engine engine)
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await using (var first = BackendHost.Build(Options(database))) await first.StartAsync();
        await database.ExecuteAsync("INSERT INTO __migrations_identity VALUES ('29990101000000_FromTheFuture', '99')");
        await using var second = BackendHost.Build(Options(database));
        var refused = await Should.ThrowAsync<StartupException>(second.StartAsync());
        refused.Message.ShouldContain("FromTheFuture");
        refused.Message.ShouldContain("newer program");
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/path")]
    [InlineData("https://127.0.0.1:8080")]
    [InlineData("ftp://127.0.0.1:21")]
    [InlineData("http://some.host:80")]
    [InlineData("http://127.0.0.1:65535")]
    [InlineData("8080")]
    public async Task Urls_that_cannot_be_listened_on_are_refused_before_anything_is_opened(string urls)
    {
        await using var database = await TestDatabase.CreateAsync(Engine.Sqlite);
        Should.Throw<StartupException>(() => BackendHost.Build(Options(database) with { Urls = urls })).Message.ShouldContain("--urls");
    }

    [Fact]
    public async Task Secrets_are_the_owners_only_and_stay_the_same_over_restarts()
    {
        await using var database = await TestDatabase.CreateAsync(Engine.Sqlite);
        string token;
        await using (var first = await BackendFixture.StartAsync(Engine.Sqlite, database: database)) token = (await first.SignInAsync(BackendFixture.NameOf(Roles.Auditor))).AccessToken;
        var file = Path.Combine(database.Directory, "data", "secrets.json");
        if (OperatingSystem.IsWindows()) return;
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using (var second = await BackendFixture.StartAsync(Engine.Sqlite, database: database))
            (await new SignIn.SignInClient(second.With(token)).WhoAmIAsync(new WhoAmIRequest())).Roles.ShouldBe([Roles.Auditor]);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Should.Throw<StartupException>(() => BackendHost.Build(Options(database))).Message.ShouldContain("chmod 600");
    }

    [Fact]
    public async Task A_verb_runs_the_same_RPCs_in_process_over_a_socket_of_its_own()
    {
        await using var database = await TestDatabase.CreateAsync(Engine.Sqlite);
        var options = BackendOptions.ForLocalVerb(database.Database, Path.Combine(database.Directory, "data")) with { Logging = _ => { } };
        await using (var host = BackendHost.Build(options))
        {
            await host.StartAsync();
            host.PageAddresses.ShouldBeEmpty();
            using var channel = host.OpenLocalChannel();
            (await new SignIn.SignInClient(channel).WhoAmIAsync(new WhoAmIRequest())).Kind.ShouldBe("local_administrator");
            (await new People.PeopleClient(channel).ListAsync(new ListPeopleRequest())).People.ShouldBeEmpty("there is no default sign-in");
            await host.StopAsync();
        }
        File.Exists(options.UnixSocket).ShouldBeFalse();
        Directory.Exists(Path.GetDirectoryName(options.UnixSocket)).ShouldBeFalse();
    }

    private static BackendOptions Options(TestDatabase database) => new()
    {
        Database = database.Database,
        DataDirectory = Path.Combine(database.Directory, "data"),
        Urls = "http://127.0.0.1:0",
        Logging = _ => { },
    };

    [GeneratedRegex("'nonce-([^']+)'", RegexOptions.None, 1_000)]
    private static partial Regex NonceOf();

    private sealed class WebFolder : IDisposable
    {
        private readonly string _root = TestDatabase.NewDirectory();

        internal WebFolder()
        {
            Directory.CreateDirectory(System.IO.Path.Combine(Path, "assets"));
            File.WriteAllText(System.IO.Path.Combine(_root, "secret.txt"), "not for you");
            File.WriteAllText(System.IO.Path.Combine(Path, "index.html"), "<!doctype html><meta name=\"csp-nonce\" content=\"__NONCE__\">");
            File.WriteAllText(System.IO.Path.Combine(Path, "assets", "app-1a2b.js"), "console.log(1)");
        }

        internal string Path => System.IO.Path.Combine(_root, "dist");

        public void Dispose() => Directory.Delete(_root, recursive: true);
    }
}
