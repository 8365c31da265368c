using System.Net;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Component.GrpcWire;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Server;

/// <summary>A message of 2 GB sent to the real program.</summary>
public sealed class HugeMessageTests
{
    private const long Huge = 2L << 30;
    private const long MemoryMore = 64L << 20;

    [Fact]
    public async Task Two_gigabytes_are_refused_at_their_first_bytes_and_memory_stays_flat()
    {
        await using var database = await TestDatabase.CreateAsync(Engine.Sqlite);
        TestAgent agent;
        await using (var seeding = await BackendFixture.StartAsync(Engine.Sqlite, database: database)) agent = await seeding.EnrolAsync();
        using var server = await KalProcess.StartAsync("gRPC", "serve", "--database", database.Uri, "--data", Path.Combine(database.Directory, "data"), "--urls", "http://127.0.0.1:0");
        using var anonymous = BackendFixture.Open(server.Address, () => null);
        var signedIn = await new SignIn.SignInClient(anonymous).WithPasswordAsync(new PasswordSignInRequest { Name = BackendFixture.NameOf(Roles.DepotClerk), Password = BackendFixture.Password });
        var pages = new Uri(server.Output.Single(line => line.StartsWith("Pages", StringComparison.Ordinal))["Pages".Length..].Trim());
        var before = server.PeakBytes;

        await ShouldBeRefusedAsync(server.Address, HttpVersion.Version20, "/kal.edge.v1.EdgeLink/Connect", agent.Token(), "application/grpc");
        await ShouldBeRefusedAsync(server.Address, HttpVersion.Version20, "/kal.custody.v1.Captures/Record", signedIn.Session.AccessToken, "application/grpc");
        await ShouldBeRefusedAsync(pages, HttpVersion.Version11, "/kal.custody.v1.Captures/Record", signedIn.Session.AccessToken, "application/grpc-web+proto");

        (server.PeakBytes - before).ShouldBeLessThan(MemoryMore, "nothing of it is held");
        using var clerk = BackendFixture.Open(server.Address, () => signedIn.Session.AccessToken);
        (await new Parcels.ParcelsClient(clerk).FindAsync(new FindParcelsRequest())).Parcels.ShouldBeEmpty();
        server.Output.ShouldNotContain(line => line.Contains(" fail: ") || line.Contains(" crit: "));
        agent.Dispose();
    }

    private static async Task ShouldBeRefusedAsync(Uri address, Version version, string rpc, string token, string contentType)
    {
        using var raw = new RawGrpc(address, version);
        // HTTP/1.1 has no way to tell a client to stop: what it goes on sending is read past for a few seconds, and then it is cut off.
        var toSend = version == HttpVersion.Version20 ? Huge : Huge / 8;
        using var content = new HugeContent(toSend);
        var answer = await raw.PostAsync(rpc, content, contentType, ("authorization", "Bearer " + token));
        answer.Status.ShouldBe(StatusCode.ResourceExhausted, $"{rpc} {contentType}: {answer}");
        answer.Message.ShouldNotBeNull().ShouldContain("2147483647 bytes exceeds the maximum");
        if (toSend == Huge) content.Written.ShouldBeLessThan(Huge / 8, "the client is told to stop");
    }

    /// <summary>The length prefix of a message of 2 GB, and then its bytes for as long as anybody takes them.</summary>
    private sealed class HugeContent(long toSend) : HttpContent
    {
        private static readonly byte[] Block = new byte[64 << 10];
        private long _written;

        internal long Written => Interlocked.Read(ref _written);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync((byte[])[0, 0x7F, 0xFF, 0xFF, 0xFF]);
            while (Written < toSend)
            {
                await stream.WriteAsync(Block);
                Interlocked.Add(ref _written, Block.Length);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
