using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.ServiceLevels.Declaring;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>Force majeure by declared region and period: two persons, parcel by parcel, told beside, and taken back.</summary>
public sealed class DeclarationTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_declaration_of_two_persons_leaves_out_what_was_late_on_its_way_then_and_withdrawn_it_counts_again(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.Account, "STORMLATE", "STORMGOOD");
        await RegisterToAsync(bed, "ELSEWHERE", "440100");
        await bed.AppendAsync(Delivered(1, "STORMLATE", At(11, 9)), Delivered(2, "STORMGOOD", At(10, 12)), Delivered(3, "ELSEWHERE", At(11, 9)));
        (await bed.FigureAsync("T2")).ShouldBe("1/3 excluded 0 in doubt 0 open 0");

        var manager = await bed.AsAsync(Roles.CustomerService);
        var declared = (await manager.DeclareAsync(Storm())).Declared;
        declared.ConfirmedUs.ShouldBe(0);
        declared.Regions.ShouldHaveSingleItem().ShouldBe("3301");
        await ApplyAsync(bed);
        (await bed.FigureAsync("T2")).ShouldBe("1/3 excluded 0 in doubt 0 open 0", "one person alone leaves nothing out");
        Refused(async () => await manager.DeclareAsync(new DeclareCommand { CommandId = IdOf(71), Act = "confirm", Id = declared.Id })).ShouldBe("declaration.same_person");
        var confirmed = (await (await bed.AsAsync(Roles.AreaManager)).DeclareAsync(new DeclareCommand { CommandId = IdOf(72), Act = "confirm", Id = declared.Id })).Declared;
        confirmed.ConfirmedBy.Length.ShouldBeGreaterThan(0);
        string.Equals(confirmed.ConfirmedBy, confirmed.AskedBy, StringComparison.Ordinal).ShouldBeFalse();

        for (var again = 0; again < 2; again++)
        {
            await ApplyAsync(bed);
            (await bed.FigureAsync("T2")).ShouldBe("1/2 excluded 1 in doubt 0 open 0");
        }
        var left = (await bed.BehindAsync("T2", "excluded")).ShouldHaveSingleItem();
        (left.Subject, left.Reason, left.Events.Count).ShouldBe(("STORMLATE", "force_majeure", 3));
        (await manager.ListDeclaredAsync(new ListDeclaredRequest())).Declared.Single().Parcels.ShouldBe(1);
        await bed.AgreesAsync();

        await manager.DeclareAsync(new DeclareCommand { CommandId = IdOf(73), Act = "withdraw", Id = declared.Id });
        for (var again = 0; again < 2; again++)
        {
            await ApplyAsync(bed);
            (await bed.FigureAsync("T2")).ShouldBe("1/3 excluded 0 in doubt 0 open 0");
        }
        (await manager.ListDeclaredAsync(new ListDeclaredRequest())).Declared.Single().Parcels.ShouldBe(0);
        await bed.AgreesAsync();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_declaration_that_says_too_little_or_too_much_is_refused_by_its_field(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        var manager = await bed.AsAsync(Roles.AreaManager);
        string Refusal(Action<DeclareCommand> spoil)
        {
            var command = Storm();
            command.CommandId = BackendFixture.NewCommandId();
            spoil(command);
            return Refused(async () => await manager.DeclareAsync(command));
        }
        Refusal(c => c.Regions.Clear()).ShouldBe("regions.range");
        Refusal(c => c.Regions.Add("a,b")).ShouldBe("regions.range");
        Refusal(c => c.UntilUs = c.FromUs - 1).ShouldBe("period.range");
        Refusal(c => c.UntilUs = c.FromUs + (93L * 86_400_000_000)).ShouldBe("period.range");
        Refusal(c => c.Why = " ").ShouldBe("field.missing");
        Refusal(c => (c.Act, c.Id) = ("confirm", "FM-00000000")).ShouldBe("declaration.unknown");
        Refusal(c => c.Act = "cancel").ShouldBe("act.unknown");
        Refused(async () => await (await bed.AsAsync(Roles.KeyAccountManager)).DeclareAsync(Storm())).ShouldBe("access.denied");
        // A client learns what was confirmed, and of no person.
        await manager.DeclareAsync(Storm());
        (await (await bed.AsAsync(Roles.ClientUser)).ListDeclaredAsync(new ListDeclaredRequest())).Declared.ShouldBeEmpty();
        await (await bed.AsAsync(Roles.CustomerService)).DeclareAsync(new DeclareCommand { CommandId = IdOf(72), Act = "confirm", Id = (await manager.ListDeclaredAsync(new ListDeclaredRequest())).Declared.Single().Id });
        var seen = (await (await bed.AsAsync(Roles.ClientUser)).ListDeclaredAsync(new ListDeclaredRequest())).Declared.Single();
        (seen.AskedBy, seen.ConfirmedBy, seen.ConfirmedUs > 0).ShouldBe(("", "", true));
    }

    private static DeclareCommand Storm() => new()
    {
        CommandId = IdOf(70), Regions = { "3301" }, FromUs = Micros(At(9, 0)), UntilUs = Micros(At(10, 23)), Why = "Typhoon, red warning of the province",
    };

    private static long Micros(Instant at) => at.ToUnixTimeTicks() / 10;

    private static string Refused(Func<Task> call) => Should.Throw<RpcException>(call).Trailers.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason;

    private static async Task RegisterToAsync(LevelsBed bed, string waybill, string destination) => await new Shipments.ShipmentsClient(await bed.Backend.AsAdministratorAsync()).RegisterAsync(new RegisterShipmentsRequest
    {
        Shipments = { new ShipmentLine { Waybill = waybill, Account = BackendFixture.Account, Product = "STD", Origin = "310115", Destination = destination, DeclaredMg = 1_000_000, AcceptedAtUs = Micros(At(8, 10)), PromisedByUs = Micros(At(10, 18)) } },
    });

    private static async Task ApplyAsync(LevelsBed bed)
    {
        await bed.FollowedAsync();
        await using var scope = bed.Backend.Services.CreateScopeAs(Caller.System);
        (await ActivatorUtilities.CreateInstance<ApplyDeclarations>(scope.ServiceProvider).RunAsync(CancellationToken.None)).ShouldBeNull();
    }
}
